/**
 * What runs in the worker threads, and how the coordinator speaks with them.
 *
 *     const workerData = { plan: packPlan({ filename, token, datasets }), stop: new Int32Array(…) };
 *     const pool = new Piscina({ filename: workerFile, workerData });
 *     const done = await pool.run({ dataset: 0, job: 0 }, { name: 'convert' });
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
 * The compiled worker. Threads of Node run JavaScript only, so from the TypeScript sources (as tests
 * import them) this is the build's worker, too.
 */
export const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/workers/worker.js' : './worker.js',
  import.meta.url,
).href;
