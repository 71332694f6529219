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
  type FilledDatasetPlan,
  type FilledDatasetReport,
  type FillOptions,
  type FillPlan,
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
  planFill,
  verifyFill,
} from './access/index.js';
export { ChecksumError } from './checksums/index.js';
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
  type DescriptionErrorFields,
  type DeviceDescription,
  dataIO,
  type ElectricalSeriesDescription,
  type ElectrodeGroupDescription,
  type ElectrodeRowInput,
  type ElectrodesCount,
  type ElectrodesCsv,
  type ElectrodesDescription,
  type FillData,
  type FillDescription,
  type InlineInput,
  type MemoryBulkInput,
  type NwbFileDescription,
  type SeriesDescription,
  type SourceBulkInput,
  type SourceTimestampsInput,
  type StorageInput,
  type SubjectDescription,
  type TimeSeriesDescription,
} from './description/index.js';
export {
  ChangedError,
  JobError,
  type JobErrorFields,
  OutputError,
  type OutputErrorFields,
  ResumeError,
  type ResumeErrorFields,
  WorkerError,
  type WorkerErrorFields,
} from './errors.js';
export {
  type Attributes,
  ChunkError,
  ClosedError,
  type CodecErrorFields,
  type DeflatedBytes,
  Hdf5Error,
  type Hdf5ErrorFields,
  type Hdf5Frame,
  LockError,
  libraryVersion,
  type Stage,
  type StoredFilter,
  type SystemErrorFields,
  WriteError,
} from './hdf5/index.js';
export {
  type ArgumentFields,
  HyperslabError,
  type Problem,
  type StateFields,
} from './hyperslab-error.js';
export {
  type AnyHyperslabError,
  type HyperslabErrorTag,
  isHyperslabError,
} from './is-hyperslab-error.js';
export {
  type AxisSelection,
  BudgetError,
  type BudgetErrorFields,
  type DType,
  formatBytes,
  type ItemArray,
  LayoutError,
  type Selection,
  type Slice,
  slice,
} from './layout/index.js';
export { NwbError } from './nwb/index.js';
export { OptionError, type UnknownOptionFields } from './option-error.js';
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
export { SchemaError, type SchemaErrorFields } from './schema/index.js';
export type { ConversionStart, SeriesSummary } from './series-summary.js';
export {
  type ConcatSpec,
  type CsvSpec,
  type EachSpec,
  type ModuleContext,
  type ModuleSource,
  type ModuleSpec,
  type NpySpec,
  type RawSpec,
  SourceError,
  type SourceErrorFields,
  type SourceSpec,
  type StackSpec,
} from './sources/index.js';
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
} from './verify/index.js';
export { version } from './version.js';
