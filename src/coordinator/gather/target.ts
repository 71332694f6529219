import type { ChunkLayout, Dataset, Filter } from '../../hdf5/index.js';
import type { DType } from '../../layout/index.js';
import { itemSize, type Maxshape, product } from '../../layout/index.js';
import type { TimestampCheck } from '../timestamp-check.js';

/** How a dataset stores the chunks that are gathered for it. */
export interface TargetOptions {
  /** Its number in the ledger. */
  readonly number: number;
  /** Absolute path in the file. */
  readonly path: string;
  readonly dataset: Dataset;
  readonly dtype: DType;
  /** Shape of a chunk, in elements. */
  readonly chunk: readonly number[];
  readonly maxshape: Maxshape;
  readonly filters: readonly Filter[];
  /** One item, as in the file. */
  readonly fillvalue: Uint8Array;
  /** Whether items are big endian in the file. */
  readonly swap: boolean;
  /** Whether chunks that hold nothing but the fill value are left out. */
  readonly skipFill: boolean;
  /** Whether no chunk of it was stored before. */
  readonly fresh: boolean;
  /** Of timestamps: what takes in what is seen of them. */
  readonly timestamps?: TimestampCheck | undefined;
}

/** How chunks are encoded. */
export interface Encoding {
  /** By which workers know it again. */
  readonly name: string;
  readonly layout: ChunkLayout;
}

/** A dataset whose chunks are gathered in memory, from pieces that come in any order. */
export class Target {
  readonly number: number;
  readonly path: string;
  readonly dataset: Dataset;
  readonly dtype: DType;
  readonly itemSize: number;
  readonly chunk: readonly number[];
  readonly maxshape: Maxshape;
  readonly fillvalue: Uint8Array;
  readonly swap: boolean;
  readonly fresh: boolean;
  readonly timestamps: TimestampCheck | undefined;
  readonly chunkItems: number;
  readonly chunkBytes: number;
  /** Of a dataset that is one chunk: all that encoding one needs to know. */
  readonly layout: ChunkLayout;
  /** Of chunks that are not in the file yet. */
  readonly encoding: Encoding;
  /** Of chunks that are: left out, the file would go on holding what they were. */
  readonly replacing: Encoding;
  /** Keys of the chunks that were encoded, perhaps before all of their data had come. */
  readonly encoded = new Set<string>();
  /** Of these the ones that were left out. */
  readonly skipped = new Set<string>();
  /** Chunks that were encoded again, since more of their data came after they had been. */
  chunksRewritten = 0;

  constructor(options: TargetOptions) {
    const { chunk, dtype, fillvalue, filters, skipFill } = options;
    this.number = options.number;
    this.path = options.path;
    this.dataset = options.dataset;
    this.dtype = dtype;
    this.itemSize = itemSize(dtype);
    this.chunk = chunk;
    this.maxshape = options.maxshape;
    this.fillvalue = fillvalue;
    this.swap = options.swap;
    this.fresh = options.fresh;
    this.timestamps = options.timestamps;
    this.chunkItems = product(chunk);
    this.chunkBytes = this.chunkItems * this.itemSize;
    this.layout = { itemSize: this.itemSize, chunk, extent: chunk, fillvalue, filters, skipFill };
    this.encoding = { name: this.path, layout: this.layout };
    this.replacing = skipFill
      ? { name: `${this.path} again`, layout: { ...this.layout, skipFill: false } }
      : this.encoding;
  }

  /** Elements of a chunk that can ever hold data: those within maxshape. */
  itemsWithin(start: readonly number[]): number {
    return product(
      this.chunk.map((length, axis) =>
        Math.min(length, (this.maxshape[axis] ?? Number.POSITIVE_INFINITY) - start[axis]),
      ),
    );
  }
}
