import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { Problem } from '../hyperslab-error.js';
import { type Description, formatBytes } from '../index.js';
import { isHyperslabError } from '../is-hyperslab-error.js';
import { type LocatedProblem, ManifestError } from './errors.js';
import { insteadOfManifest, manifestsIn } from './files.js';
import { documentProblem, TOO_DEEP } from './manifest-checks.js';
import { offsetOf } from './manifest-lines.js';
import { yamlWords } from './yaml-words.js';

/** Manifests are written by hand; a larger file is something else. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Enough for series that share their options, too few for a document that expands exponentially. */
const MAX_ALIASES = 1000;
/** Explanations of the most likely system errors. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'its name is too long',
  EACCES: 'permission denied',
};
const TO_BEGIN = '`hyperslab init` writes a manifest to begin with';
/** Problems per message. */
const SHOWN = 5;
/** Characters of the manifest in a message. */
const EXCERPT = 50;

export interface Manifest<Content = Description> {
  /** As given on the command line. */
  readonly path: string;
  /** Folder at which relative paths in the manifest start. */
  readonly baseDir: string;
  /** As written in the manifest; not checked yet. */
  readonly description: Content;
  /**
   * The line of a value, from 1; undefined for the description as a whole. For a missing value, the line of what is
   * around it.
   *
   * @param place as in `Problem.path`: `acquisition[0].data`
   */
  line(place: string): number | undefined;
}

/**
 * Reads a manifest and passes it to `use`. An error of `use` about parts of the description becomes a
 * ManifestError, which names the manifest and the line of each problem.
 *
 * @throws ManifestError where the file is not a manifest or its description is invalid; else what `use`
 * throws
 */
export async function withManifest<T, Content = Description>(
  path: string,
  use: (manifest: Manifest<Content>) => Promise<T>,
): Promise<T> {
  const { document, lines } = parse(path, await readText(path));
  const description = toContent<Content>(path, document);
  const line = (place: string) => {
    const offset = offsetOf(document, place);
    return offset === undefined ? undefined : lines.linePos(offset).line;
  };
  const manifest = { path, baseDir: dirname(resolve(path)), description, line };
  try {
    return await use(manifest);
  } catch (error) {
    const problems = problemsOf(error);
    if (!problems) throw error;
    const located = problems.slice(0, SHOWN).map((problem) => locate(problem, manifest));
    if (problems.length > SHOWN)
      located.push({ path: '', message: `${path}: … and ${problems.length - SHOWN} more` });
    throw new ManifestError({ path, problems: located }, { cause: error });
  }
}

/** What an error says about parts of the description; undefined for other errors. */
function problemsOf(error: unknown): readonly Problem[] | undefined {
  if (isHyperslabError(error, 'DescriptionError')) return error.fields.problems;
  if (!isHyperslabError(error) || error.place === undefined) return undefined;
  return [
    { path: error.place, message: `${error.place}: ${error.message.replaceAll(/\s*\n\s*/g, ' ')}` },
  ];
}

/** Puts the file and the line before a message. */
export function locate(
  { path, message }: Problem,
  { path: file, line: lineOf }: Pick<Manifest, 'path' | 'line'>,
): LocatedProblem {
  const line = lineOf(path);
  if (line === undefined) return { path, message: `${file}: ${message}` };
  return { path, line, message: `${file}:${line}: ${message}` };
}

async function readText(path: string): Promise<string> {
  const received = (what: string, cause?: unknown) =>
    refusal(path, `Expected a manifest at ${path} but received ${what}`, cause);
  const refuse = (cause: NodeJS.ErrnoException): never => {
    const reason = REASONS[cause.code ?? ''] ?? cause.message;
    const hint = cause.code === 'ENOENT' ? manifestsIn(dirname(path)) : '';
    throw refusal(path, `The manifest ${path} cannot be read: ${reason}${hint}`, cause);
  };
  const status = await stat(path).catch(refuse);
  const instead = insteadOfManifest(path);
  if (instead !== undefined) throw received(instead);
  if (status.isDirectory()) throw received(`a folder${manifestsIn(path)}`);
  // A pipe or a device may never end.
  if (!status.isFile()) throw received('something other than a file');
  if (status.size > MAX_BYTES)
    throw received(`a file of ${formatBytes(status.size)} (at most ${formatBytes(MAX_BYTES)})`);
  const bytes = await readFile(path).catch(refuse);
  if (isUtf16(bytes)) throw received('a file in UTF-16 (save it in UTF-8)');
  if (bytes.length === 0) throw received(`an empty file; ${TO_BEGIN}`);
  if (bytes.includes(0)) throw received('a binary file (it has NUL bytes)');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw received('a file that is not text in UTF-8 (save it in UTF-8)', cause);
  }
}

/** The error for a manifest with one problem. */
function refusal(path: string, message: string, cause?: unknown): ManifestError {
  return new ManifestError({ path, problems: [{ path: '', message }] }, { cause });
}

/** Recognised by the byte order mark or, in its absence, by an ASCII character in each of the first pairs of bytes. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  return /^(?:[\t\r\n -~]\0){4}|^(?:\0[\t\r\n -~]){4}/.test(
    String.fromCharCode(...bytes.subarray(0, 8)),
  );
}

/** Parses YAML or JSON, which is YAML. The core schema keeps times, `yes` and `no` as text. */
function parse(path: string, text: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'core',
    merge: true,
    stringKeys: true,
    prettyErrors: false,
    uniqueKeys: false,
    lineCounter: lines,
  });
  const refuse = (message: string, offset: number, cause?: unknown): never => {
    const { line, col } = lines.linePos(offset);
    // Cut before splitting: the document may be a single line of megabytes.
    const rest = text.slice(offset, offset + 4 * EXCERPT);
    const excerpt = rest
      .split(/[\r\n]/, 1)[0]
      .replaceAll(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, EXCERPT)
      .trimEnd();
    const at = excerpt && ` at '${excerpt}'`;
    const problem = { path: '', line, message: `${path}:${line}:${col}: ${message}${at}` };
    throw new ManifestError({ path, problems: [problem] }, { cause });
  };
  const [wrong] = [...document.errors, ...document.warnings];
  // The parser ran out of stack; where it stopped depends on the stack, so no line is named.
  if (wrong?.code === 'RESOURCE_EXHAUSTION') throw refusal(path, `${path}: ${TOO_DEEP}`, wrong);
  if (wrong) refuse(yamlWords(wrong), wrong.pos[0], wrong);
  const problem = documentProblem(document);
  if (problem) refuse(problem.message, problem.offset);
  return { document, lines };
}

function toContent<Content>(path: string, document: Document): Content {
  if (document.contents === null)
    throw refusal(
      path,
      `Expected a manifest at ${path} but received nothing but comments; ${TO_BEGIN}`,
    );
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as Content;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw refusal(path, `${path}: ${message}`, cause);
  }
}
