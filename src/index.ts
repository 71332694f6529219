/**
 * hyperslab: large recordings into NWB (HDF5) files, on all cores.
 *
 *     import { convert } from 'hyperslab';
 *
 *     const report = await convert(
 *       { path: 'session.nwb', nwbfile, acquisition: [{ type: 'ElectricalSeries', … }] },
 *       { workers: 8, onProgress: ({ bytesRead, bytesPlanned }) => … },
 *     );
 */
export * from './access/index.js';
export * from './convert/index.js';
export {
  type BulkInput,
  type DataIOData,
  type DataIOOptions,
  type Description,
  DescriptionError,
  dataIO,
  descriptionSchema,
  type FillData,
  type FillDescription,
  type Problem,
} from './description/index.js';
export { type DeflatedBytes, Hdf5Error, libraryVersion, type Stage } from './hdf5/index.js';
export {
  type AxisSelection,
  BudgetError,
  type DType,
  formatBytes,
  type ItemArray,
  LayoutError,
  type Selection,
  type Slice,
  slice,
} from './layout/index.js';
export { NwbError } from './nwb/index.js';
export {
  type AbstractDataChunkIterator,
  DataChunk,
  DataChunkIterator,
  type DataChunkIteratorOptions,
  DataError,
  DataWriter,
  type DataWriterOptions,
  FlushRequest,
  type ModuleSource,
  type NdArray,
  type NdArrayLike,
  ndarray,
  SourceError,
  type SourceSpec,
} from './sources/index.js';
export { version } from './version.js';
