/**
 * hyperslab converts large recordings into NWB (HDF5) files on all cores.
 *
 *     import { convert } from 'hyperslab';
 *
 *     const report = await convert(
 *       { path: 'session.nwb', nwbfile, acquisition: [{ type: 'ElectricalSeries', … }] },
 *       { workers: 8, onProgress: ({ bytesRead, bytesPlanned }) => … },
 *     );
 */
export {
  type AccessOptions,
  type BlockOptions,
  type CreateOptions,
  type FilledDatasetReport,
  type FillOptions,
  type FillReport,
  fill,
  type Inspected,
  type InspectedDataset,
  type InspectedGroup,
  type InspectedLink,
  type InspectedOther,
  type InspectedUnreadable,
  type InspectOptions,
  inspect,
  OpenDataset,
  OpenFile,
  type OpenMode,
  open,
} from './access/index.js';
export {
  type ConversionReport,
  convert,
  type RecoverOptions,
  type ResumeOptions,
  recover,
  resume,
} from './convert/index.js';
export type {
  DatasetReport,
  DatasetStages,
  ReportStages,
  WorkReport,
} from './coordinator/index.js';
export {
  type BulkInput,
  type DataIOData,
  type DataIOOptions,
  type Description,
  DescriptionError,
  dataIO,
  type FillData,
  type FillDescription,
  type Problem,
} from './description/index.js';
export { ChangedError, JobError, OutputError, ResumeError, WorkerError } from './errors.js';
export {
  type Attributes,
  type DeflatedBytes,
  Hdf5Error,
  libraryVersion,
  type Stage,
  type StoredFilter,
} from './hdf5/index.js';
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
export type { ConvertOptions, Durability } from './options.js';
export {
  type ConversionPlan,
  type DatasetPlan,
  type DatasetSummary,
  type OutputFiles,
  outputFiles,
  plan,
} from './plan/index.js';
export type { DatasetProgress, Progress, ProgressCounts } from './progress.js';
export { SchemaError } from './schema/index.js';
export { type ModuleSource, SourceError, type SourceSpec } from './sources/index.js';
export {
  type AbstractDataChunkIterator,
  DataChunk,
  DataChunkIterator,
  type DataChunkIteratorOptions,
  DataError,
  DataWriter,
  type DataWriterOptions,
  FlushRequest,
  type NdArray,
  type NdArrayLike,
  ndarray,
} from './streams/index.js';
export {
  type ChunksState,
  type ChunksVerification,
  type DatasetVerification,
  type VerifyChunksOptions,
  type VerifyChunksReport,
  type VerifyOptions,
  type VerifyReport,
  verify,
  verifyChunks,
} from './verify/index.js';
export { version } from './version.js';
