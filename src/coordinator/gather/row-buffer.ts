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

/** What is put together: rows that come one by one would each have to be shared out over the chunks. */
const MAX_BYTES = 1024 * 1024;
/** What is as large as this goes its own way: it is not worth a copy. */
const LARGE_BYTES = 64 * 1024;

/** Rows that come a few at a time, one behind the other, are put together before they are gathered. */
export class RowBuffer {
  readonly #target: Target;
  readonly #row: readonly number[];
  readonly #most: number;
  #items: ItemArray | undefined;
  #first = 0;
  #end = 0;

  /** @param origin from which rows count */
  constructor(target: Target, origin: number) {
    const [most, ...row] = target.spec.maxshape;
    this.#target = target;
    // A row of unknown length is none that could be recognized.
    this.#row = row.map((length) => length ?? Number.NaN);
    this.#most = (most ?? Number.POSITIVE_INFINITY) - origin;
  }

  get isEmpty(): boolean {
    return this.#end === this.#first;
  }

  /** Whether the chunk was taken in; else it has to wait for its turn, behind what is here. */
  add({ data, selection }: DataChunk): boolean {
    const { byteLength } = data.data;
    if (byteLength >= LARGE_BYTES || byteLength === 0) return false;
    const range = rowsOf(selection);
    if (!range || range.start < 0 || range.stop > this.#most) return false;
    if (data.shape[0] !== range.stop - range.start || data.shape.length !== this.#row.length + 1)
      return false;
    if (this.#row.some((length, axis) => length !== data.shape[axis + 1])) return false;
    if (this.isEmpty) this.#first = this.#end = range.start;
    const at = (this.#end - this.#first) * product(this.#row);
    const items = this.#room();
    if (range.start !== this.#end || at + data.data.length > items.length) return false;
    (items as Float64Array).set(data.data as Float64Array, at);
    this.#end = range.stop;
    return true;
  }

  /** All that was put together; it is valid until the next is added. */
  take(): DataChunk | undefined {
    if (this.isEmpty) return undefined;
    const rows = this.#end - this.#first;
    const data = this.#room().subarray(0, rows * product(this.#row));
    const chunk = new DataChunk(
      { data, shape: [rows, ...this.#row] },
      slice(this.#first, this.#end),
    );
    this.#first = this.#end;
    return chunk;
  }

  #room(): ItemArray {
    const { itemSize } = this.#target;
    const { dtype } = this.#target.spec;
    this.#items ??= new ITEM_ARRAYS[dtype](MAX_BYTES / itemSize);
    return this.#items;
  }
}

/** The rows of a selection that takes whole ones, one behind the other. */
function rowsOf(selection: Selection): { start: number; stop: number } | undefined {
  const [rows, ...rest] = Array.isArray(selection) ? selection : [selection];
  if (!isSlice(rows) || rest.some((axis) => axis !== null)) return undefined;
  const { start, stop, step } = rows;
  if (start === null || stop === null || (step !== null && step !== 1)) return undefined;
  return { start, stop };
}
