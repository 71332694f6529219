import type { SourceSpec } from '../schema.js';
import type { SourceReader } from '../types.js';

/** Opens a source; handed in, since the kinds that have parts would else import their opener. */
export type Opener = (spec: SourceSpec) => Promise<SourceReader>;

/** Opens all parts, or none: those already open are closed when `check` or a later part throws. */
export async function openParts<T>(
  specs: readonly SourceSpec[],
  open: Opener,
  build: (parts: readonly SourceReader[]) => T,
): Promise<T> {
  const parts: SourceReader[] = [];
  try {
    for (const spec of specs) parts.push(await open(spec));
    return build(parts);
  } catch (error) {
    await closeParts(parts);
    throw error;
  }
}

export async function closeParts(parts: readonly SourceReader[]): Promise<void> {
  for (const part of parts) await part.close();
}

/** Runs reads one after the other; a promise only when one of them is. */
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

/** Applies `change` to a value that may still be to come. */
export function after<T, U>(value: T | Promise<T>, change: (value: T) => U): U | Promise<U> {
  return value instanceof Promise ? value.then(change) : change(value);
}

/** The file by which a part is named in messages. */
export function nameOf(part: SourceReader): string {
  return part.info.files[0]?.path ?? 'a part without files';
}
