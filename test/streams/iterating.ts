import type { ItemArray } from '../../src/layout/dtype.js';
import type { Slice } from '../../src/layout/index.js';
import type { DataChunk, DataChunkIterator } from '../../src/streams/index.js';

/** The items of a chunk and its place along axis 0, as plain data. */
export interface Seen {
  readonly start: number;
  readonly stop: number;
  readonly shape: readonly number[];
  readonly items: (number | bigint)[];
}

export function seen({ data, selection }: DataChunk): Seen {
  const { start, stop } = selection as Slice;
  return {
    start: start as number,
    stop: stop as number,
    shape: data.shape,
    items: Array.from<number | bigint>(data.data as ItemArray),
  };
}

/** All chunks, by synchronous iteration. */
export function drain(chunks: DataChunkIterator): Seen[] {
  return Array.from(chunks as Iterable<DataChunk>, seen);
}

/** All chunks, by asynchronous iteration. */
export async function drainAsync(chunks: DataChunkIterator): Promise<Seen[]> {
  const all: Seen[] = [];
  for await (const chunk of chunks) all.push(seen(chunk));
  return all;
}

/** Yields the same items asynchronously. */
export async function* later<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

/** Yields the items, and adds an entry to the log when it is closed. */
export function* closing<T>(items: readonly T[], log: string[]): Generator<T> {
  try {
    yield* items;
  } finally {
    log.push('closed');
  }
}

export async function* closingLater<T>(items: readonly T[], log: string[]): AsyncGenerator<T> {
  try {
    yield* later(items);
  } finally {
    log.push('closed');
  }
}
