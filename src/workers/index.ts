/**
 * The code of the worker threads, and the format of their tasks and answers.
 *
 *     const workerData = { plan: packPlan({ filename, token, datasets }), stop: new Int32Array(…) };
 *     const pool = new Piscina({ filename: workerFile, workerData });
 *     const done = await pool.run({ dataset: 0, job: 0 }, { name: 'convert' });
 *
 * Modules of workers/ and sources/ import the values they need from single modules (`../layout/grid.js`) instead of
 * the index of a room, because every worker thread loads its own modules, and an index would load a whole room.
 * Types can be imported from an index: the compiler removes these imports.
 */
export { maxStoredBytes } from './check-job.js';
export { type ChunkComparison, compareChunk } from './compare.js';
export { fromWire, toWire, type WireError } from './errors.js';
export { FileReader } from './file-reader.js';
export { GatheredJobs } from './gathered-job.js';
export { openPlanned } from './job-reader.js';
export {
  type Answer,
  type CheckDone,
  type CheckTask,
  type DecodeDone,
  type DecodeTask,
  type Difference,
  datasetOf,
  type EncodeDone,
  type EncodeTask,
  type FailedCheck,
  type JobDone,
  type JobRef,
  type JobStages,
  NO_JOB_STAGES,
  type Outcome,
  packPlan,
  type Request,
  type TaskName,
  type Tasks,
  unpackPlan,
  type VerifyDone,
  type VerifyTask,
  type WorkerData,
  type WorkerDataset,
  type WorkerPlan,
} from './wire.js';
export { WriterCache } from './writer-cache.js';

/**
 * URL of the compiled worker. Threads of Node run only JavaScript, so code that runs from the TypeScript sources, such
 * as tests, uses the worker of the build, too.
 */
export const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/workers/worker.js' : './worker.js',
  import.meta.url,
).href;
