import type { DType, Maxshape } from '../layout/index.js';
import { DataError, showShape } from './arrays/data-error.js';
import type { DataChunk } from './data-chunk.js';

/** Makes DataChunks of what a user's iterator yields; knows nothing of where that comes from. */
export interface Assembler {
  /** Takes an item in. All chunks that are ready have been taken before. */
  push(item: unknown): void;
  /** No more items come. */
  end(): void;
  /** The next chunk that is ready. */
  take(): DataChunk | undefined;
}

/** What is known of the data before its first item. */
export interface Declared {
  readonly dtype: DType | undefined;
  readonly maxshape: Maxshape | undefined;
}

/** @throws DataError when rows of this shape have no place in a dataset of that maxshape */
export function checkRowShape(
  row: readonly number[],
  maxshape: Maxshape | undefined,
  name: string,
): void {
  if (!maxshape) return;
  const most = maxshape.slice(1);
  const fits =
    row.length === most.length && row.every((length, axis) => length <= (most[axis] ?? length));
  if (fits) return;
  const wanted = most.length === 0 ? 'a single number' : `a row within [${most.join(', ')}]`;
  throw new DataError({ name, expected: wanted, received: showShape(row) });
}
