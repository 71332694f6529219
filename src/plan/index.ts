/**
 * From a description to dataset specs, jobs and memory.
 *
 *     const { path, datasets, memory, warnings } = await plan(description, { workers: 8 });
 *
 * `prepare` checks a description and plans its conversion. `planWork` divides datasets that have a spec into
 * jobs, and memory among workers.
 */
export type { DatasetSpec } from './dataset-spec.js';
export {
  type DatasetData,
  type DirectData,
  isDirect,
  isFed,
  isSourced,
  isStreamed,
  isWritten,
  type PlannedDataset,
  type ProbedDataset,
  type SourceData,
  type StreamData,
  type WrittenData,
} from './datasets.js';
export { readDense } from './dense-read.js';
export { type Input, refuseInput, sourceInputs } from './inputs.js';
export { JOURNAL_MAGIC, notAJournal, UNBEGUN_MAGIC } from './journal-magic.js';
export { specifyNew } from './new-dataset.js';
export { Output, type OutputFiles, outputFiles } from './output.js';
export { fullDiskWarnings, spaceWarnings } from './output-warnings.js';
export { requireOwnFile } from './own-file.js';
export { type ConversionPlan, type DatasetPlan, describePlanned, plan } from './plan.js';
export { type Examined, type Prepared, prepare, prepareExamined } from './prepare.js';
export { type Probed, type ProbedSource, probeBlocks, probeSource } from './probe.js';
export { chunkProblem, numberProblem, numericType, specifyStored } from './stored-dataset.js';
export { type DatasetSummary, summarize } from './summary.js';
export { specifyUnchunked, unchunkedProblem } from './unchunked-dataset.js';
export { workerWarnings } from './warnings.js';
export { fewerWorkers, maxEncoderBytes, planWork, type WorkPlan } from './work.js';
