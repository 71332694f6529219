import type { Storage } from '../description/index.js';
import type { ChunkLayout, Filter, TypedArray } from '../hdf5/index.js';
import { within } from '../hyperslab-error.js';
import {
  cellCount,
  checkExtentLimits,
  chooseChunkIndex,
  type DatasetKind,
  type DType,
  type FormatBound,
  itemSize,
  type Maxshape,
  product,
  resolveChunks,
  resolveMaxshape,
} from '../layout/index.js';
import type { DatasetSpec } from './dataset-spec.js';
import { fillValue, itemBytes } from './fill-value.js';

/** A dataset to create. */
export interface NewDataset {
  /** Absolute path in the file. */
  readonly path: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly maxshape?: Maxshape | undefined;
  readonly role: DatasetKind;
  readonly storage: Storage;
  /** Chunk shape that suits the data; used if the user asks for none. */
  readonly recommendedChunk?: readonly number[] | null | undefined;
  /** Whether `shape` is only the initial extent, and the data will grow as far as maxshape allows. */
  readonly grows: boolean;
}

/** Length that rules for chunk shapes assume for an unlimited axis. */
const ENDLESS = 2 ** 40;
/** Length that h5py assumes. Its rule gives the same chunks as h5py only with the same assumption. */
const ENDLESS_FOR_H5PY = 1024;

/**
 * Decides how a new dataset will be stored.
 *
 * @throws LayoutError if chunks, fill value or maxshape do not fit the data, or HDF5 can't hold the dataset
 */
export function specifyNew(request: NewDataset, libver: FormatBound): DatasetSpec {
  const { path, dtype, shape, role, storage, recommendedChunk } = request;
  checkExtentLimits(shape, path);
  const size = itemSize(dtype);
  const maxshape = within('maxshape', () => resolveMaxshape(shape, request.maxshape, path));
  const recommended = storage.chunks === 'auto' ? recommendedChunk : undefined;
  const chunk = within('chunks', () =>
    resolveChunks(recommended ?? storage.chunks, {
      shape: request.grows ? expectedShape(shape, maxshape, storage.chunks) : shape,
      itemSize: size,
      kind: role,
      maxshape,
      target: storage.chunkTarget,
      name: path,
    }),
  );
  const filters = filtersOf(storage);
  const filtered = filters.length > 0;
  const index = chooseChunkIndex({ libver, shape, chunk, maxshape, filtered, name: path });
  const fillvalue = within('fillvalue', () => fillValue(dtype, storage.fillvalue ?? 0, path));
  const layout: ChunkLayout = {
    itemSize: size,
    chunk,
    extent: shape,
    fillvalue: itemBytes(fillvalue.data as TypedArray),
    filters,
    skipFill: storage.skipFill,
  };
  return {
    path,
    dtype,
    shape,
    maxshape,
    fillvalue,
    index,
    layout,
    chunkCount: cellCount({ extent: shape, cell: chunk }),
    rawBytes: product(shape) * size,
    bigEndian: false,
    isNew: true,
  };
}

/** The shape that growing data are expected to reach. */
function expectedShape(shape: readonly number[], maxshape: Maxshape, chunks: Storage['chunks']) {
  const endless = chunks === 'h5py' ? ENDLESS_FOR_H5PY : ENDLESS;
  return shape.map((length, axis) => Math.max(length, maxshape[axis] ?? endless));
}

/** The filters that storage options ask for, in the order in which h5py applies them. */
function filtersOf(data: Storage): Filter[] {
  const filters: Filter[] = [];
  if (data.shuffle) filters.push({ kind: 'shuffle' });
  if (data.compression === 'gzip') filters.push({ kind: 'deflate', level: data.compressionOpts });
  if (data.fletcher32) filters.push({ kind: 'fletcher32' });
  return filters;
}
