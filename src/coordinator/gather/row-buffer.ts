import {
  ITEM_ARRAYS,
  type ItemArray,
  isSlice,
  product,
  type Selection,
  slice,
} from '../../layout/index.js';
import { DataChunk } from '../../streams/index.js';
import type { Target } from './target.js';

/** Size of the buffer. Without it, each single row would have to be distributed over the chunks. */
const BUFFER_BYTES = 1024 * 1024;
/** DataChunks of this size or more are not buffered, because the copy would cost more than it saves. */
const LARGE_BYTES = 64 * 1024;

/** Joins consecutive rows that come a few at a time, before they are gathered. */
export class RowBuffer {
  readonly #target: Target;
  readonly #row: readonly number[];
  /** Rows that the dataset can have. */
  readonly #maxRows: number;
  #items: ItemArray | undefined;
  /** The rows in the buffer, counted from the origin. */
  #first = 0;
  #end = 0;

  /** @param origin index along axis 0 that selections count from */
  constructor(target: Target, origin: number) {
    const [maxRows, ...row] = target.spec.maxshape;
    this.#target = target;
    // If the length of a row is not known, no row is buffered: NaN equals no length.
    this.#row = row.map((length) => length ?? Number.NaN);
    this.#maxRows = (maxRows ?? Number.POSITIVE_INFINITY) - origin;
  }

  get isEmpty(): boolean {
    return this.#end === this.#first;
  }

  /** Adds the rows of a DataChunk. Returns false if it can't: then the buffered rows are to be written first. */
  add({ data, selection }: DataChunk): boolean {
    const { byteLength } = data.data;
    if (byteLength >= LARGE_BYTES || byteLength === 0) return false;
    const range = rowsOf(selection);
    if (!range || range.start < 0 || range.stop > this.#maxRows) return false;
    if (data.shape[0] !== range.stop - range.start || data.shape.length !== this.#row.length + 1)
      return false;
    if (this.#row.some((length, axis) => length !== data.shape[axis + 1])) return false;
    if (this.isEmpty) this.#first = this.#end = range.start;
    const at = (this.#end - this.#first) * product(this.#row);
    const items = this.#buffer();
    if (range.start !== this.#end || at + data.data.length > items.length) return false;
    (items as Float64Array).set(data.data as Float64Array, at);
    this.#end = range.stop;
    return true;
  }

  /** Takes all buffered rows. Their memory is valid until the next `add`. */
  take(): DataChunk | undefined {
    if (this.isEmpty) return undefined;
    const rows = this.#end - this.#first;
    const data = this.#buffer().subarray(0, rows * product(this.#row));
    const chunk = new DataChunk(
      { data, shape: [rows, ...this.#row] },
      slice(this.#first, this.#end),
    );
    this.#first = this.#end;
    return chunk;
  }

  #buffer(): ItemArray {
    const { itemSize } = this.#target;
    const { dtype } = this.#target.spec;
    this.#items ??= new ITEM_ARRAYS[dtype](BUFFER_BYTES / itemSize);
    return this.#items;
  }
}

/** The range of rows of a selection of consecutive whole rows; undefined for any other selection. */
function rowsOf(selection: Selection): { start: number; stop: number } | undefined {
  const [rows, ...rest] = Array.isArray(selection) ? selection : [selection];
  if (!isSlice(rows) || rest.some((axis) => axis !== null)) return undefined;
  const { start, stop, step } = rows;
  if (start === null || stop === null || (step !== null && step !== 1)) return undefined;
  return { start, stop };
}
