import { type DType, slice } from '../layout/index.js';
import { asRows } from './arrays/as-rows.js';
import { DataError, showShape } from './arrays/data-error.js';
import { dtypeOf, isItemArray, type NdArray } from './arrays/nd-array.js';
import type { NdArrayLike } from './arrays/nested.js';
import { toNdArray } from './arrays/to-nd-array.js';
import { type Assembler, checkRowShape, type Declared } from './assembler.js';
import { DataChunk } from './data-chunk.js';

/** Makes one chunk of each item, which must be an array of whole rows. Skips arrays without rows. */
export class BlockAssembler implements Assembler {
  readonly #declared: Declared;
  /** Dtype and row shape of the first block. */
  #found: { readonly dtype: DType; readonly row: readonly number[] } | undefined;
  #blocks = 0;
  #rows = 0;
  #ready: DataChunk | undefined;

  constructor(declared: Declared) {
    this.#declared = declared;
  }

  push(item: unknown): void {
    const name = `block ${this.#blocks++} of a DataChunkIterator`;
    const dtype = this.#declared.dtype ?? this.#found?.dtype;
    const block = this.#shaped(toNdArray(item as NdArrayLike, dtype, name), item, name);
    const [rows, ...row] = block.shape;
    if (rows === undefined) {
      const received = showShape(block.shape);
      throw new DataError({ name, expected: 'an array of whole rows', received });
    }
    if (rows === 0) return;
    if (!this.#found) checkRowShape(row, this.#declared.maxshape, name);
    else if (this.#found.row.join() !== row.join()) {
      const expected = `rows of ${showShape(this.#found.row)}`;
      throw new DataError({ name, expected, received: `rows of ${showShape(row)}` });
    }
    this.#found ??= { dtype: dtypeOf(block.data), row };
    this.#ready = new DataChunk(block, slice(this.#rows, this.#rows + rows));
    this.#rows += rows;
  }

  end(): void {}

  take(): DataChunk | undefined {
    const chunk = this.#ready;
    this.#ready = undefined;
    return chunk;
  }

  /** Gives a typed array, which has no shape, the shape of the declared rows. */
  #shaped(block: NdArray, item: unknown, name: string): NdArray {
    const row = this.#declared.maxshape?.slice(1) ?? [];
    if (!isItemArray(item) || row.length === 0 || row.includes(null)) return block;
    return asRows(block, row as number[], name);
  }
}
