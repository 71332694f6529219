import { fstatSync, type Stats, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { formatBytes } from '../index.js';
import { ManifestError } from './errors.js';
import { insteadOfManifest, manifestsIn } from './files.js';
import { HEAD, hasSignature } from './given-file.js';

/** Stands for standard input in place of the path of a manifest; a file of this name is `./-`. */
export const STDIN = '-';
/** Descriptor of standard input. */
const STDIN_FD = 0;

/** Manifests are written by hand; a larger file is something else. */
const MAX_BYTES = 16 * 1024 * 1024;
const TOO_LARGE = `(at most ${formatBytes(MAX_BYTES)})`;
/** Explanations of the most likely system errors. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'its name is too long',
  EACCES: 'permission denied',
};

const TO_BEGIN = '`hyperslab init` writes a manifest to begin with';

/** The name of a manifest in messages. */
export function manifestName(path: string): string {
  return path === STDIN ? '<stdin>' : path;
}

/** The folder at which relative paths in a manifest start. */
export function manifestFolder(path: string): string {
  return path === STDIN ? process.cwd() : dirname(resolve(path));
}

/** The file that a manifest is read from, so that it is not overwritten; a pipe for most of standard input. */
export function manifestStatus(path: string): Stats {
  return path === STDIN ? fstatSync(STDIN_FD) : statSync(path);
}

/**
 * The text of a manifest.
 *
 * @throws ManifestError if it cannot be read, or is not a text in UTF-8
 */
export async function readManifest(path: string): Promise<string> {
  const received: Received = (what, cause) => unexpected(path, what, cause);
  const refuse = (cause: NodeJS.ErrnoException): never => {
    const reason = REASONS[cause.code ?? ''] ?? cause.message;
    const which = path === STDIN ? 'on stdin' : path;
    const hint = cause.code === 'ENOENT' ? manifestsIn(dirname(path)) : '';
    throw refusal(path, `The manifest ${which} cannot be read: ${reason}${hint}`, cause);
  };
  const bytes = await (path === STDIN ? readStdin(received) : readBytes(path, received)).catch(
    (error) => (error instanceof ManifestError ? Promise.reject(error) : refuse(error)),
  );
  if (isUtf16(bytes)) throw received('a file in UTF-16 (save it in UTF-8)');
  if (bytes.length === 0) throw received(`an empty file; ${TO_BEGIN}`);
  if (bytes.includes(0)) throw received('a binary file (it has NUL bytes)');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw received('a file that is not text in UTF-8 (save it in UTF-8)', cause);
  }
}

type Received = (what: string, cause?: unknown) => ManifestError;

async function readBytes(path: string, received: Received): Promise<Uint8Array> {
  const status = await stat(path);
  const instead = insteadOfManifest(path);
  if (instead !== undefined) throw received(instead);
  if (status.isDirectory()) throw received(`a folder${manifestsIn(path)}`);
  // A pipe or a device may never end.
  if (!status.isFile()) throw received('something other than a file');
  if (status.size > MAX_BYTES) throw received(`a file of ${formatBytes(status.size)} ${TOO_LARGE}`);
  return readFile(path);
}

/** Read once: a command may need its manifest twice. */
let stdinBytes: Promise<Uint8Array> | undefined;

function readStdin(received: Received): Promise<Uint8Array> {
  stdinBytes ??= readAll(received);
  return stdinBytes;
}

async function readAll(received: Received): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size > MAX_BYTES) throw received(`more than ${formatBytes(MAX_BYTES)}`);
  }
  const bytes = Buffer.concat(parts);
  if (bytes.length === 0) throw received('nothing');
  if (hasSignature(bytes.toString('latin1', 0, HEAD))) throw received('an HDF5 file');
  return bytes;
}

/** The error for a manifest that has nothing but comments. */
export function emptyManifest(path: string): ManifestError {
  return unexpected(path, `nothing but comments; ${TO_BEGIN}`);
}

function unexpected(path: string, what: string, cause?: unknown): ManifestError {
  const place = path === STDIN ? 'on stdin' : `at ${path}`;
  return refusal(path, `Expected a manifest ${place} but received ${what}`, cause);
}

/** The error for a manifest with one problem. */
export function refusal(path: string, message: string, cause?: unknown): ManifestError {
  const problems = [{ path: '', message }];
  return new ManifestError({ path: manifestName(path), problems }, { cause });
}

/** Recognised by the byte order mark or, in its absence, by an ASCII character in each of the first pairs of bytes. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  return /^(?:[\t\r\n -~]\0){4}|^(?:\0[\t\r\n -~]){4}/.test(
    String.fromCharCode(...bytes.subarray(0, 8)),
  );
}
