/**
 * Compares files with their sources, value by value, or with the checksums that they hold.
 *
 *     const { equal, datasets } = await verify('session.nwb', description);
 *     const { state } = await verify('session.nwb');
 */
export {
  type CheckedChunks,
  type CheckedPart,
  checkChunks,
  type FailedChunk,
} from './check-chunks.js';
export { compareBulk } from './compare-bulk.js';
export { readAgain, verifyReport } from './expected-dataset.js';
export { type ChunksState, filtersText } from './findings.js';
export type { DatasetVerification, VerifyOptions, VerifyReport } from './report.js';
export { VERIFY_OPTIONS, verify } from './verify.js';
export type {
  ChunksVerification,
  VerifyChunksOptions,
  VerifyChunksReport,
} from './verify-chunks.js';
