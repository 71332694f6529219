import { endianness } from 'node:os';
import {
  type DType,
  ITEM_ARRAYS,
  type ItemArray,
  itemSize,
  product,
  slice,
} from '../layout/index.js';
import { plural } from '../wording.js';
import { DataError, showValue } from './arrays/data-error.js';
import { dtypeOf, isItemArray } from './arrays/nd-array.js';
import type { Assembler } from './assembler.js';
import { DataChunk } from './data-chunk.js';

/**
 * Cuts a stream of bytes (little endian, C order) into chunks of whole rows. Aligned bytes are not copied; a row
 * that spans several items is assembled in a buffer.
 */
export class ByteAssembler implements Assembler {
  readonly #dtype: DType;
  /** Elements per axis of a row. */
  readonly #row: readonly number[];
  readonly #rowBytes: number;
  /** The beginning of a row that is not complete yet. */
  #rest: Uint8Array;
  #restBytes = 0;
  #items = 0;
  #rows = 0;
  /** An assembled row, and the whole rows after it. */
  #ready: DataChunk[] = [];

  constructor(dtype: DType, row: readonly number[]) {
    this.#dtype = dtype;
    this.#row = row;
    this.#rowBytes = product(row) * itemSize(dtype);
    this.#rest = new Uint8Array(this.#rowBytes);
  }

  push(item: unknown): void {
    const index = this.#items++;
    if (!isItemArray(item) || dtypeOf(item) !== 'uint8') {
      throw new DataError({
        name: `item ${index} of a byte stream`,
        expected: 'a Uint8Array',
        received: showValue(item),
      });
    }
    let bytes = item as Uint8Array;
    if (this.#restBytes > 0) {
      const taken = bytes.subarray(0, this.#rowBytes - this.#restBytes);
      this.#rest.set(taken, this.#restBytes);
      this.#restBytes += taken.length;
      bytes = bytes.subarray(taken.length);
      if (this.#restBytes < this.#rowBytes) return;
      this.#finish(this.#rest);
      this.#rest = new Uint8Array(this.#rowBytes);
      this.#restBytes = 0;
    }
    const whole = bytes.length - (bytes.length % this.#rowBytes);
    if (whole > 0) this.#finish(bytes.subarray(0, whole));
    this.#rest.set(bytes.subarray(whole));
    this.#restBytes = bytes.length - whole;
  }

  end(): void {
    if (this.#restBytes === 0) return;
    const where = this.#rows === 0 ? 'and nothing before it' : `after row ${this.#rows - 1}`;
    throw new DataError({
      name: 'a byte stream',
      expected: `complete rows of ${plural(this.#rowBytes, 'byte')} (${[...this.#row, this.#dtype].join(' x ')})`,
      received: `an incomplete row of ${plural(this.#restBytes, 'byte')} ${where}`,
    });
  }

  take(): DataChunk | undefined {
    return this.#ready.shift();
  }

  #finish(bytes: Uint8Array): void {
    const rows = bytes.length / this.#rowBytes;
    const data = itemsIn(bytes, this.#dtype);
    const selection = slice(this.#rows, this.#rows + rows);
    this.#ready.push(new DataChunk({ data, shape: [rows, ...this.#row] }, selection));
    this.#rows += rows;
  }
}

/** Converts little-endian bytes to items: a view if possible, else a copy. */
function itemsIn(bytes: Uint8Array, dtype: DType): ItemArray {
  const size = itemSize(dtype);
  const swap = endianness() === 'BE' && size > 1;
  const own = swap || bytes.byteOffset % size !== 0 ? new Uint8Array(bytes) : bytes;
  if (swap) {
    const buffer = Buffer.from(own.buffer);
    if (size === 2) buffer.swap16();
    else if (size === 4) buffer.swap32();
    else buffer.swap64();
  }
  return new ITEM_ARRAYS[dtype](own.buffer as ArrayBuffer, own.byteOffset, bytes.length / size);
}
