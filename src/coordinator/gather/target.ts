import type { ChunkLayout, Dataset } from '../../hdf5/index.js';
import { product } from '../../layout/index.js';
import type { DatasetSpec } from '../../plan/index.js';
import type { TimestampCheck } from '../timestamp-check.js';

/** How chunks are encoded, and the name under which workers keep the encoder for them. */
export interface Encoding {
  readonly name: string;
  readonly layout: ChunkLayout;
}

/** A dataset whose chunks are gathered in memory from pieces that come in any order. */
export class Target {
  /** The dataset's number in the ledger. */
  readonly number: number;
  readonly dataset: Dataset;
  readonly spec: DatasetSpec;
  /** Takes in timestamps as they come, if the dataset holds timestamps. */
  readonly timestamps: TimestampCheck | undefined;
  readonly chunkItems: number;
  readonly chunkBytes: number;
  /** The layout of a dataset of exactly one chunk, because chunks are encoded whole. */
  readonly layout: ChunkLayout;
  /** For chunks that are not stored yet. */
  readonly encoding: Encoding;
  /** For chunks that are stored already: skipping one that is now all fill value would keep its old contents. */
  readonly replacing: Encoding;
  /** Keys of the chunks that were encoded, possibly before all their data had come. */
  readonly encoded = new Set<string>();
  /** Keys of the encoded chunks that were not stored, because they held nothing but the fill value. */
  readonly skipped = new Set<string>();
  /** How often a chunk was encoded again, because more of its data came later. */
  chunksRewritten = 0;

  constructor(number: number, dataset: Dataset, spec: DatasetSpec, timestamps?: TimestampCheck) {
    const { path, layout } = spec;
    this.number = number;
    this.dataset = dataset;
    this.spec = spec;
    this.timestamps = timestamps;
    this.chunkItems = product(layout.chunk);
    this.chunkBytes = this.chunkItems * layout.itemSize;
    this.layout = { ...layout, extent: layout.chunk };
    this.encoding = { name: path, layout: this.layout };
    this.replacing = layout.skipFill
      ? { name: `${path} (replacing)`, layout: { ...this.layout, skipFill: false } }
      : this.encoding;
  }

  get path(): string {
    return this.spec.path;
  }

  /** Shape of a chunk, in elements. */
  get chunk(): readonly number[] {
    return this.layout.chunk;
  }

  get itemSize(): number {
    return this.layout.itemSize;
  }

  /** The bytes of one item, in the byte order of the file. */
  get fillvalue(): Uint8Array {
    return this.layout.fillvalue;
  }

  /** How many elements of a chunk can hold data, because they lie within maxshape. */
  itemsWithin(start: readonly number[]): number {
    const { maxshape } = this.spec;
    return product(
      this.chunk.map((length, axis) =>
        Math.min(length, (maxshape[axis] ?? Number.POSITIVE_INFINITY) - start[axis]),
      ),
    );
  }
}
