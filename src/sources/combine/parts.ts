import { within } from '../../hyperslab-error.js';
import type { SourceSpec } from '../spec.js';
import type { SourceReader } from '../types.js';

/** Opens a source. Passed as an argument, because importing the opener would make a circle of imports. */
export type Opener = (spec: SourceSpec) => Promise<SourceReader>;

/** Opens all parts and builds a source of them. Closes the open parts if a later part or `build` throws. */
export async function openParts<T>(
  specs: readonly SourceSpec[],
  open: Opener,
  build: (parts: readonly SourceReader[]) => T,
): Promise<T> {
  const parts: SourceReader[] = [];
  try {
    for (const [at, spec] of specs.entries())
      parts.push(await within(`sources[${at}]`, () => open(spec)));
    return build(parts);
  } catch (error) {
    await closeParts(parts);
    throw error;
  }
}

export async function closeParts(parts: readonly SourceReader[]): Promise<void> {
  for (const part of parts) await part.close();
}

/** Runs reads one after the other. Returns a promise only if one of the reads does. */
export function inTurn<T>(reads: readonly (() => T | Promise<T>)[]): T[] | Promise<T[]> {
  const results: T[] = [];
  for (const [index, read] of reads.entries()) {
    const result = read();
    if (result instanceof Promise) return finish(results, result, reads.slice(index + 1));
    results.push(result);
  }
  return results;
}

async function finish<T>(
  results: T[],
  pending: Promise<T>,
  rest: readonly (() => T | Promise<T>)[],
): Promise<T[]> {
  results.push(await pending);
  for (const read of rest) results.push(await read());
  return results;
}

/** Applies `change` to a value or to the result of a promise. */
export function after<T, U>(value: T | Promise<T>, change: (value: T) => U): U | Promise<U> {
  return value instanceof Promise ? value.then(change) : change(value);
}

/** The name of a part in messages: the path of its first file. */
export function nameOf(part: SourceReader): string {
  return part.info.files[0]?.path ?? 'a part without files';
}
