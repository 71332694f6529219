/**
 * What other rooms build on: the parts of a conversion, each by itself. Not public.
 */
export { createBulk } from './allocate.js';
export {
  abandonWriters,
  type Cell,
  type FeedContext,
  feed,
  Gatherer,
  latticeOf,
  pickedCells,
  Target,
  type TargetOptions,
  toChunk,
  toPicked,
  writeGrowing,
} from './gathering/index.js';
export { giveUp } from './give-up.js';
export { type LaidOut, layOut } from './lay-out.js';
export { LazyPool } from './lazy-pool.js';
export { Ledger } from './ledger.js';
export { type ConvertOptions, type FilledOptions, fillOptions, requireKnown } from './options.js';
export { refuseInput } from './output.js';
export { type Input, sourceInputs } from './prepare.js';
export { type Probed, probeBlocks, probeSource } from './probe.js';
export { type DatasetReport, makeReport, type WorkReport } from './report.js';
export { run } from './run.js';
export { chunkProblem, numberProblem, numericType, storedLaidOut } from './stored.js';
export { targetOptions } from './target-options.js';
export { isUnchunked, readThroughLibrary, writeThroughLibrary } from './through-library.js';
export { unchunkedLaidOut, unchunkedProblem } from './unchunked.js';
export { dropChecksumsOf } from './verifying/checksums.js';
export { type Part, planWork } from './work.js';
