/**
 * h5lib: typed access to HDF5 files, and chunks that are written outside of libhdf5.
 *
 *     using file = new File('out.h5', 'w');
 *     const data = file.createDataset('data', { dtype: 'int16', shape: [4, 2], chunks: [2, 2] });
 *     data.write(Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8));
 *     data.attributes.set('unit', { dtype: 'string', shape: [], data: ['volts'] });
 */
export { encodeWithAllFilters } from './all-filters.js';
export { checksum } from './checksum.js';
export type {
  ChunkLayout,
  EncodedChunk,
  Filter,
  Hyperslab,
  Lattice,
  Origin,
  Piece,
  WriteStages,
  WrittenChunks,
} from './chunk-types.js';
export { closeAfterError } from './close-after-error.js';
export { ChunkCodec, ChunkWriter, encoderBytes } from './codec.js';
export {
  ChunkError,
  ClosedError,
  type CodecErrorFields,
  type SystemErrorFields,
  WriteError,
  writeError,
} from './codec-errors.js';
export { type CopyOptions, copyItems, fillItems, isFilled } from './copy.js';
export { Dataset, type DatasetOptions, type Selection, type StoredFilter } from './dataset.js';
export { type DeflatedBytes, NOTHING_DEFLATED, sumDeflated } from './deflated.js';
export { Hdf5Error, type Hdf5ErrorFields, type Hdf5Frame } from './errors.js';
export { File, type FileIdentity, type FileMode, type FileOptions, type Libver } from './file.js';
export { Group, type Link } from './group.js';
export { libraryVersion } from './library.js';
export { LockError, tryLock } from './lock.js';
export type { LockAnswer } from './native.js';
export { Attributes, HdfObject, scalar } from './object.js';
export {
  addressOf,
  asPlacements,
  copyPlacement,
  filterMaskOf,
  isLost,
  isStored,
  joinPlacements,
  markLost,
  PLACEMENT_BYTES,
  type Placement,
  type Placements,
  placementAt,
  placementCount,
  placementOf,
  putPlacements,
  slicePlacements,
  storedBytesOf,
  totalStoredBytes,
  unstoredPlacements,
  viewPlacements,
} from './placements.js';
export { FileSpace } from './space.js';
export { type Stage, type Stages, sumStages } from './stages.js';
export {
  type Datatype,
  type NumericDatatype,
  type StoredDatatype,
  type TypedArray,
  typedArray,
  type Value,
} from './value.js';
