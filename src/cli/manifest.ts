import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { type Description, type DescriptionError, formatBytes } from '../index.js';
import { ManifestError } from './errors.js';
import { tagOf } from './failures.js';
import { offsetOf } from './manifest-lines.js';

/** A manifest is written by hand; what is larger is surely another file. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Enough for series that share their options, too few for a document made to explode. */
const MOST_ALIASES = 1000;
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
  const status = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw received(cause.code === 'ENOENT' ? 'no such file' : cause.message, cause);
  });
  if (status.isDirectory()) throw received('a folder');
  if (status.size > MOST_BYTES) throw received(`a file of ${formatBytes(status.size)}`);
  const bytes = await readFile(path).catch((cause: Error) => {
    throw received(cause.message, cause);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw received('a file that is not text in UTF-8', cause);
  }
}

/** JSON is YAML, too. Of the core schema: times stay text, and so do `yes` and `no`. */
function parse(path: string, text: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'core',
    merge: true,
    stringKeys: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (!problem) return { document, lines };
  const { line, col } = lines.linePos(problem.pos[0]);
  const message =
    problem.code === 'MULTIPLE_DOCS'
      ? 'Expected one document but received several'
      : problem.message.replaceAll(/\s*\n\s*/g, ' ');
  const excerpt = text
    .slice(problem.pos[0])
    .split(/[\r\n]/, 1)[0]
    .trim()
    .slice(0, EXCERPT);
  const where = `${path}:${line}:${col}`;
  throw new ManifestError(path, [`${where}: ${message}${excerpt && ` at '${excerpt}'`}`], {
    cause: problem,
  });
}

function toContent<Content>(path: string, document: Document): Content {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES }) as Content;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ManifestError(path, [`${path}: ${message}`], { cause });
  }
}
