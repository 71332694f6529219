import { type Document, LineCounter, parseDocument } from 'yaml';
import { ManifestError } from './errors.js';
import { documentProblem, TOO_DEEP } from './manifest-checks.js';
import { manifestName, refusal } from './manifest-input.js';
import { yamlWords } from './yaml-words.js';

/** Enough for series that share their options, too few for a document that expands exponentially. */
const MAX_ALIASES = 1000;
/** Characters of the manifest in a message. */
const EXCERPT = 50;

/** Why a text is not a document that would be read as its author meant. */
interface Fault {
  readonly message: string;
  /** Where, in characters; left out if it is about no place. */
  readonly offset?: number;
  readonly cause?: unknown;
}

/** Parses YAML or JSON, which is YAML. The core schema keeps times, `yes` and `no` as text. */
export function parseYaml(text: string): {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly fault: Fault | undefined;
} {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'core',
    merge: true,
    stringKeys: true,
    prettyErrors: false,
    uniqueKeys: false,
    lineCounter: lines,
  });
  return { document, lines, fault: faultOf(document) };
}

function faultOf(document: Document): Fault | undefined {
  const [cause] = [...document.errors, ...document.warnings];
  if (!cause) return documentProblem(document);
  // The parser ran out of stack; where it stopped depends on the stack, so no place is named.
  if (cause.code === 'RESOURCE_EXHAUSTION') return { message: TOO_DEEP, cause };
  return { message: yamlWords(cause), offset: cause.pos[0], cause };
}

/**
 * Parses a manifest.
 *
 * @throws ManifestError, which names the line and the column, if the text would not be read as its author meant
 */
export function parseManifest(
  path: string,
  text: string,
): { readonly document: Document; readonly lines: LineCounter } {
  const { document, lines, fault } = parseYaml(text);
  if (!fault) return { document, lines };
  const { message, offset, cause } = fault;
  const name = manifestName(path);
  if (offset === undefined) throw refusal(path, `${name}: ${message}`, cause);
  const { line, col } = lines.linePos(offset);
  const excerpt = excerptAt(text, offset);
  const at = excerpt && ` at '${excerpt}'`;
  const problem = { path: '', line, message: `${name}:${line}:${col}: ${message}${at}` };
  throw new ManifestError({ path: name, problems: [problem] }, { cause });
}

function excerptAt(text: string, offset: number): string {
  // Cut before splitting: the document may be a single line of megabytes.
  return text
    .slice(offset, offset + 4 * EXCERPT)
    .split(/[\r\n]/, 1)[0]
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, EXCERPT)
    .trimEnd();
}

/**
 * The values of a document; undefined for an empty one, because null would be a different problem.
 *
 * @throws Error for aliases without an anchor, or too many of them
 */
export function valuesOf(document: Document): unknown {
  return document.contents === null ? undefined : document.toJS({ maxAliasCount: MAX_ALIASES });
}
