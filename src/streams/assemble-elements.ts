import { type DType, ITEM_ARRAYS, type ItemArray, slice } from '../layout/index.js';
import { DataError } from './arrays/data-error.js';
import { isNdArray, type NdArray } from './arrays/nd-array.js';
import { formOf, NestedWriter, refusal } from './arrays/nested.js';
import { type Assembler, checkRowShape, type Declared } from './assembler.js';
import { DataChunk } from './data-chunk.js';

/** Dtype and shape of every element, known from the first one on. */
interface Elements {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly writer: NestedWriter;
}

/**
 * Gathers items, each of which is one element along axis 0, into chunks of `rows` elements. A null leaves a gap of
 * one element, and ends the chunk before it.
 */
export class ElementAssembler implements Assembler {
  readonly #rows: number;
  readonly #declared: Declared;
  #elements: Elements | undefined;
  #buffer: ItemArray | undefined;
  #buffered = 0;
  /** Items so far; also the index of the next item along axis 0. */
  #items = 0;
  #ready: DataChunk | undefined;

  constructor(rows: number, declared: Declared) {
    this.#rows = rows;
    this.#declared = declared;
  }

  push(item: unknown): void {
    if (item === null) {
      this.#flush();
      this.#items++;
      return;
    }
    this.#elements ??= this.#begin(item);
    const { dtype, shape, writer } = this.#elements;
    if (this.#rows === 1 && writer.isReady(item)) {
      const data = isNdArray(item) ? item.data : item;
      this.#items++;
      this.#finish({ data, shape: [1, ...shape] }, 1);
      return;
    }
    // Each chunk gets a buffer of its own, because the consumer may keep several chunks.
    this.#buffer ??= new ITEM_ARRAYS[dtype](this.#rows * writer.size);
    if (!writer.write(this.#buffer, this.#buffered * writer.size, item)) {
      throw refusal(item, dtype, shape, this.#name());
    }
    this.#items++;
    this.#buffered++;
    if (this.#buffered === this.#rows) this.#flush();
  }

  end(): void {
    this.#flush();
  }

  take(): DataChunk | undefined {
    const chunk = this.#ready;
    this.#ready = undefined;
    return chunk;
  }

  #flush(): void {
    const rows = this.#buffered;
    if (!this.#elements || !this.#buffer || rows === 0) return;
    const { shape, writer } = this.#elements;
    let data = this.#buffer;
    // The items are copied and the buffer is reused, because data with many gaps give many short chunks.
    if (rows < this.#rows) data = data.slice(0, rows * writer.size);
    else this.#buffer = undefined;
    this.#buffered = 0;
    this.#finish({ data, shape: [rows, ...shape] }, rows);
  }

  #finish(data: NdArray, rows: number): void {
    this.#ready = new DataChunk(data, slice(this.#items - rows, this.#items));
  }

  #begin(first: unknown): Elements {
    const name = this.#name();
    if (Buffer.isBuffer(first) && this.#declared.dtype !== 'uint8')
      throw new DataError({
        name,
        expected: "an element, or the option yields: 'bytes' with dtype and maxshape,",
        received: `a Buffer of ${first.length} bytes`,
      });
    const form = formOf(first);
    if (!form) throw refusal(first, 'float64', [], name);
    const { shape } = form;
    const dtype = this.#declared.dtype ?? form.dtype;
    checkRowShape(shape, this.#declared.maxshape, name);
    return { dtype, shape, writer: new NestedWriter(dtype, shape) };
  }

  #name(): string {
    return `item ${this.#items} of a DataChunkIterator`;
  }
}
