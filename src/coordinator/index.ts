/**
 * What other rooms build on: the parts of a conversion, each by itself. Not public.
 */

export { dropChecksumsOf } from '../checksums/checksums.js';
export { refuseInput } from '../convert/output.js';
export { giveUp } from '../hdf5/close-after-error.js';
export { type ConvertOptions, type FilledOptions, fillOptions, requireKnown } from '../options.js';
export { type LaidOut, layOut } from '../plan/new-dataset.js';
export { type Input, sourceInputs } from '../plan/prepare.js';
export { type Probed, probeBlocks, probeSource } from '../plan/probe.js';
export { chunkProblem, numberProblem, numericType, storedLaidOut } from '../plan/stored-dataset.js';
export { unchunkedLaidOut, unchunkedProblem } from '../plan/unchunked-dataset.js';
export { type Part, planWork } from '../plan/work.js';
export { createBulk } from './create-datasets.js';
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
} from './gather/index.js';
export { LazyPool } from './lazy-pool.js';
export { Ledger } from './ledger.js';
export { type DatasetReport, makeReport, type WorkReport } from './report.js';
export { run } from './run.js';
export { targetOptions } from './target-options.js';
export { isUnchunked, readThroughLibrary, writeThroughLibrary } from './unchunked-data.js';
