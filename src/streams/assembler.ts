import { type DType, type Maxshape, shapeText } from '../layout/index.js';
import { DataError, showShape } from './arrays/data-error.js';
import type { DataChunk } from './data-chunk.js';

/** Makes DataChunks of the items that a user's iterator yields, regardless of how the items are obtained. */
export interface Assembler {
  /** Accepts an item. Call `take` until it returns undefined before the next `push`. */
  push(item: unknown): void;
  /** Completes the last chunk after the last item. */
  end(): void;
  /** Returns the next chunk that is ready; undefined if there is none. */
  take(): DataChunk | undefined;
}

/** The dtype and maxshape that the user declared; undefined if the first item determines them. */
export interface Declared {
  readonly dtype: DType | undefined;
  readonly maxshape: Maxshape | undefined;
}

/** @throws DataError if rows of this shape do not fit a dataset of that maxshape */
export function checkRowShape(
  row: readonly number[],
  maxshape: Maxshape | undefined,
  name: string,
): void {
  if (!maxshape) return;
  const max = maxshape.slice(1);
  const fits =
    row.length === max.length && row.every((length, axis) => length <= (max[axis] ?? length));
  if (fits) return;
  const wanted =
    max.length === 0 ? 'a single number' : `a row of shape ${shapeText(max)} or smaller`;
  throw new DataError({ name, expected: wanted, received: showShape(row) });
}
