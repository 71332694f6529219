/**
 * h5lib: typed access to HDF5 files, and chunks that are written outside of libhdf5.
 *
 *     using file = new File('out.h5', 'w');
 *     const data = file.createDataset('data', { dtype: 'int16', shape: [4, 2], chunks: [2, 2] });
 *     data.write(Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8));
 *     data.attributes.set('unit', { dtype: 'string', shape: [], data: ['volts'] });
 */
export { checksum } from './checksum.js';
export * from './codec.js';
export { ChunkError, ClosedError, WriteError } from './codec-errors.js';
export * from './copy.js';
export * from './dataset.js';
export { type DeflatedBytes, NOTHING_DEFLATED, sumDeflated } from './deflated.js';
export * from './errors.js';
export * from './file.js';
export * from './group.js';
export { type LockAnswer, LockError, tryLock } from './lock.js';
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
export * from './space.js';
export { type Stage, type Stages, sumStages } from './stages.js';
export * from './value.js';

import { native } from './native.js';

/** Version of the libhdf5 in use, such as `1.10.8`. */
export const libraryVersion = (): string => native.libraryVersion();
