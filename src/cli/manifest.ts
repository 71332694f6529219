import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml';
import { type Description, type DescriptionError, formatBytes } from '../index.js';
import { ManifestError } from './errors.js';
import { tagOf } from './failures.js';
import { documentProblem, TOO_DEEP } from './manifest-checks.js';
import { offsetOf } from './manifest-lines.js';

/** A manifest is written by hand; what is larger is surely another file. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Enough for series that share their options, too few for a document made to explode. */
const MAX_ALIASES = 1000;
/** What the system says of a path, in our words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  ELOOP: 'links that lead in circles',
  ENAMETOOLONG: 'a name that is too long',
  EACCES: 'a file that may not be read',
};
const SHOWN = 5;
/** Characters of the manifest in a message. */
const EXCERPT = 50;

export interface Manifest<Content = Description> {
  /** As the user named it. */
  readonly path: string;
  /** Folder from which the manifest's relative paths count. */
  readonly baseDir: string;
  /** As it was written: not checked yet. */
  readonly description: Content;
}

/**
 * Reads a manifest and does something with it. Problems that turn up in its description are told
 * with the manifest's name and lines.
 *
 * @throws ManifestError for a file that is no manifest or a description that can't be used; else
 * what `use` throws
 */
export async function withManifest<T, Content = Description>(
  path: string,
  use: (manifest: Manifest<Content>) => Promise<T>,
): Promise<T> {
  const { document, lines } = parse(path, await readText(path));
  const description = toContent<Content>(path, document);
  try {
    return await use({ path, baseDir: dirname(resolve(path)), description });
  } catch (error) {
    if (tagOf(error) !== 'DescriptionError') throw error;
    const { problems } = error as DescriptionError;
    const texts = problems.slice(0, SHOWN).map((problem) => {
      const offset = offsetOf(document, problem.path);
      const at = offset === undefined ? path : `${path}:${lines.linePos(offset).line}`;
      return `${at}: ${problem.message}`;
    });
    if (problems.length > SHOWN) texts.push(`${path}: … and ${problems.length - SHOWN} more`);
    throw new ManifestError(path, texts, { cause: error });
  }
}

async function readText(path: string): Promise<string> {
  const received = (what: string, cause?: unknown) =>
    new ManifestError(path, [`Expected a manifest at ${path} but received ${what}`], { cause });
  const refuse = (cause: NodeJS.ErrnoException): never => {
    throw received(REASONS[cause.code ?? ''] ?? cause.message, cause);
  };
  const status = await stat(path).catch(refuse);
  if (status.isDirectory()) throw received('a folder');
  // A pipe may never end, and a device neither.
  if (!status.isFile()) throw received('something that is no file');
  if (status.size > MAX_BYTES)
    throw received(`a file of ${formatBytes(status.size)} (at most ${formatBytes(MAX_BYTES)})`);
  const bytes = await readFile(path).catch(refuse);
  if (isUtf16(bytes)) throw received('a file in UTF-16 (save it in UTF-8)');
  if (bytes.includes(0)) throw received('a file with NUL bytes, which no text has');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw received('a file that is not text in UTF-8', cause);
  }
}

/** By its byte order mark. */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** JSON is YAML, too. Of the core schema: times stay text, and so do `yes` and `no`. */
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
    // No more of it than is shown: it may be one line of megabytes.
    const rest = text.slice(offset, offset + 4 * EXCERPT);
    const excerpt = rest
      .split(/[\r\n]/, 1)[0]
      .replaceAll(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, EXCERPT)
      .trimEnd();
    const at = excerpt && ` at '${excerpt}'`;
    throw new ManifestError(path, [`${path}:${line}:${col}: ${message}${at}`], { cause });
  };
  const [wrong] = [...document.errors, ...document.warnings];
  // Where the parser gave up depends on the stack that it had.
  if (wrong?.code === 'RESOURCE_EXHAUSTION')
    throw new ManifestError(path, [`${path}: ${TOO_DEEP}`], { cause: wrong });
  if (wrong) refuse(wordsOf(wrong), wrong.pos[0], wrong);
  const problem = documentProblem(document);
  if (problem) refuse(problem.message, problem.offset);
  return { document, lines };
}

function wordsOf({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'Expected one document but received several';
  return message.replaceAll(/\s*\n\s*/g, ' ');
}

function toContent<Content>(path: string, document: Document): Content {
  // Of an empty file nothing was said, not null.
  if (document.contents === null) return undefined as Content;
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as Content;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ManifestError(path, [`${path}: ${message}`], { cause });
  }
}
