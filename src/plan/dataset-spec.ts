import type { ChunkLayout, Value } from '../hdf5/index.js';
import type { ChunkIndex, DType, Maxshape } from '../layout/index.js';

/** How a dataset, new or existing, is stored: all that creating it and writing its chunks needs to know. */
export interface DatasetSpec {
  /** Absolute path in the file. */
  readonly path: string;
  readonly dtype: DType;
  /** The extent in elements; for data from an iterator, the extent at the beginning. */
  readonly shape: readonly number[];
  readonly maxshape: Maxshape;
  readonly fillvalue: Value;
  /** How HDF5 will find the chunks of a new dataset; left out for an existing one. */
  readonly index?: ChunkIndex;
  readonly layout: ChunkLayout;
  /** Chunks that the extent takes. */
  readonly chunkCount: number;
  /** Bytes of the extent's values, before compression. */
  readonly rawBytes: number;
  /** Whether items are big endian in the file; never the case for a new dataset. */
  readonly bigEndian: boolean;
  /** Whether the dataset is new, so that none of its chunks is stored yet. */
  readonly isNew: boolean;
  /** Whether the values lie in one piece (contiguous or compact layout), which libhdf5 writes. Default: false */
  readonly isUnchunked?: boolean;
}
