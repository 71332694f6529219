/**
 * Conversions: checked, planned, run on a pool of workers, and verified.
 *
 *     const report = await convert(description, { workers: 8, memory: '4GiB' });
 *     const check = await verify(report.path, description);
 *     if (!check.equal) throw new Error(check.datasets.find(({ equal }) => !equal)?.problem);
 */
export { convert } from './convert.js';
export { ChangedError, JobError, OutputError, ResumeError, WorkerError } from './errors.js';
export {
  type Inspected,
  type InspectedDataset,
  type InspectedGroup,
  type InspectedLink,
  type InspectedOther,
  type InspectedUnreadable,
  inspect,
} from './inspect.js';
export type { Durability } from './journal/index.js';
export type { DatasetStages } from './ledger.js';
export type { ConvertOptions } from './options.js';
export { type ConversionPlan, type PlannedDataset, plan } from './plan.js';
export type { DatasetProgress, Progress, ProgressCounts } from './progress.js';
export type { ConversionReport, DatasetReport, ReportStages, WorkReport } from './report.js';
export { type RecoverOptions, recover } from './resuming/recover.js';
export { type ResumeOptions, resume } from './resuming/resume.js';
export type { DatasetSummary } from './summary.js';
export {
  type DatasetVerification,
  type VerifyOptions,
  type VerifyReport,
  verify,
} from './verifying/verify.js';
export type { ChunksState } from './verifying/findings.js';
export {
  type ChunksVerification,
  type VerifyChunksOptions,
  type VerifyChunksReport,
  verifyChunks,
} from './verifying/verify-stored.js';
