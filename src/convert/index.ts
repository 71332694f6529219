/**
 * Conversions: checked, planned, run on a pool of workers, and verified.
 *
 *     const report = await convert(description, { workers: 8, memory: '4GiB' });
 *     const check = await verify(report.path, description);
 *     if (!check.equal) throw new Error(check.datasets.find(({ equal }) => !equal)?.problem);
 */

export {
  type Inspected,
  type InspectedDataset,
  type InspectedGroup,
  type InspectedLink,
  type InspectedOther,
  type InspectedUnreadable,
  inspect,
} from '../access/inspect.js';
export type { DatasetStages } from '../coordinator/ledger.js';
export type {
  ConversionReport,
  DatasetReport,
  ReportStages,
  WorkReport,
} from '../coordinator/report.js';
export { ChangedError, JobError, OutputError, ResumeError, WorkerError } from '../errors.js';
export type { ConvertOptions } from '../options.js';
export { type ConversionPlan, type PlannedDataset, plan } from '../plan/plan.js';
export type { DatasetSummary } from '../plan/summary.js';
export type { DatasetProgress, Progress, ProgressCounts } from '../progress.js';
export type { ChunksState } from '../verify/findings.js';
export {
  type DatasetVerification,
  type VerifyOptions,
  type VerifyReport,
  verify,
} from '../verify/verify.js';
export {
  type ChunksVerification,
  type VerifyChunksOptions,
  type VerifyChunksReport,
  verifyChunks,
} from '../verify/verify-chunks.js';
export { convert } from './convert.js';
export type { Durability } from './journal/index.js';
export { type RecoverOptions, recover } from './resume/recover.js';
export { type ResumeOptions, resume } from './resume/resume.js';
