/**
 * The part of a conversion that talks to libhdf5: it creates datasets, hands jobs to workers, places the
 * chunks they wrote, and sets extents.
 *
 *     const opened = createDatasets(file, tree, specs);
 *     const written = await run(file, opened, work, { onProgress }, { record });
 *     const report = makeReport(path, work.datasets, resources, written, times);
 */
export { createBulk, createDatasets } from './create-datasets.js';
export {
  type Cell,
  type FeedContext,
  feed,
  Gatherer,
  latticeOf,
  pickedCells,
  rejectWriters,
  Target,
  toChunk,
  toPicked,
  writeGrowing,
} from './gather/index.js';
export { LazyPool } from './lazy-pool.js';
export { Ledger } from './ledger.js';
export {
  emptyChunks,
  joinChunks,
  type NumberedChunks,
  pickChunks,
  type RestoredDataset,
  selectChunks,
} from './numbered-chunks.js';
export { type WorkerPool, withPool } from './pool.js';
export type { ChunkRecord, ExtentState, RecordedChunk, RecordedWrite } from './record.js';
export {
  type DatasetReport,
  makeReport,
  type ReportStages,
  type Resources,
  type Times,
  type WorkReport,
} from './report.js';
export { run, type WrittenFile } from './run.js';
export { SourceBlocks } from './source-blocks.js';
export { checkUnchanged, workerDataset } from './source-jobs.js';
export type { DatasetStages } from './tallies.js';
export { forEachConcurrently, runJobs, runWithRetry } from './tasks.js';
export { isUnchunked, readThroughLibrary, writeThroughLibrary } from './unchunked-data.js';
