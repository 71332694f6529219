import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { resolvePath } from '../home-path.js';
import { within } from '../hyperslab-error.js';
import { SourceError } from './errors.js';
import type { ReadableSpec } from './scaling.js';
import type { SourceSpec } from './spec.js';
import { unreachable } from './unreachable.js';

let collator: Intl.Collator | undefined;

/**
 * Natural order: ch2 before ch10. The collator is created on first use, because creating it takes a thread as long
 * as loading all its modules.
 */
function natural(a: string, b: string): number {
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a, b);
}

/**
 * Resolves relative paths and patterns against `baseDir`, which modules are given, too.
 *
 * @returns a new spec in which all paths are absolute
 */
export function resolveSourcePaths(spec: SourceSpec, baseDir: string): SourceSpec {
  if (spec.type === 'module') {
    const { path, baseDir: own = '.' } = spec;
    return { ...spec, path: resolvePath(baseDir, path), baseDir: resolvePath(baseDir, own) };
  }
  if (spec.type !== 'concat' && spec.type !== 'stack') {
    return { ...spec, path: resolvePath(baseDir, spec.path) };
  }
  const { sources, files, ...rest } = spec;
  return {
    ...rest,
    ...(sources && { sources: sources.map((part) => resolveSourcePaths(part, baseDir)) }),
    ...(files && { files: [files].flat().map((file) => resolvePath(baseDir, file)) }),
  };
}

/**
 * Replaces `files` and `each` by the equivalent `sources`, and patterns by the files that match. Call this once,
 * before jobs are distributed, so that all workers read the same files.
 *
 * @throws SourceError if a pattern matches nothing
 */
export function expandSource(spec: ReadableSpec): ReadableSpec {
  return spec.type === 'scaled' ? { ...spec, source: expand(spec.source) } : expand(spec);
}

function expand(spec: SourceSpec): SourceSpec {
  if (spec.type !== 'concat' && spec.type !== 'stack') return spec;
  const { type, sources, files, each } = spec;
  if (sources) return { type, sources: sources.map(expand) };
  if (!files || !each)
    throw new TypeError(`Expected 'sources', or both 'files' and 'each', for a ${type} source`);
  const paths = within('files', () => [files].flat().flatMap(matches));
  return { type, sources: paths.map((path) => ({ ...each, path })) };
}

/**
 * The place of a part as the user wrote it: of the parts that `files` and `each` stand for, all are at `files`.
 *
 * @param spec as it was before it was expanded
 * @param place in the expanded source: `sources[3].columns`
 */
export function placeAsWritten(spec: ReadableSpec, place: string): string {
  if (spec.type === 'scaled') return placeAsWritten(spec.source, place);
  const [, at, rest] = /^sources\[(\d+)\](?:\.(.*))?$/.exec(place) ?? [];
  if (at === undefined || (spec.type !== 'concat' && spec.type !== 'stack')) return place;
  if (!spec.sources) return rest === undefined || rest === 'path' ? 'files' : `each.${rest}`;
  const part = spec.sources[Number(at)];
  return rest === undefined ? place : `sources[${at}].${placeAsWritten(part, rest)}`;
}

/** Files of one folder that match a pattern with `*` and `?`, in natural order. */
function matches(pattern: string): string[] {
  const name = basename(pattern);
  if (!/[*?]/.test(name)) return [pattern];
  const folder = dirname(pattern);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    throw unreachable(folder, 'folder', cause);
  }
  // As in a shell, patterns don't match names that begin with a dot: macOS creates files such as `._ch1.bin`.
  const found = names.filter((file) => matchesPattern(file, name) && !file.startsWith('.'));
  if (found.length === 0) {
    const where = `that match ${pattern}`;
    throw new SourceError({ path: pattern, expected: 'files', where, received: 'none' });
  }
  return found.sort(natural).map((file) => join(folder, file));
}

/**
 * Whether a name matches a pattern with `*` and `?`. Backtracks to the last `*` only, so the time is at most
 * proportional to the product of the two lengths.
 */
function matchesPattern(name: string, pattern: string): boolean {
  let star = -1;
  let resume = 0;
  let at = 0;
  let place = 0;
  while (at < name.length) {
    if (pattern[place] === '*') {
      star = place++;
      resume = at;
    } else if (place < pattern.length && (pattern[place] === '?' || pattern[place] === name[at])) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++resume;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(place));
}
