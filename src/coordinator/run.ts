import type { Dataset, File } from '../hdf5/index.js';
import type { ResolvedOptions } from '../options.js';
import {
  type DatasetSpec,
  isDirect,
  isFed,
  isSourced,
  isStreamed,
  type PlannedDataset,
  type WorkPlan,
} from '../plan/index.js';
import { type FeedContext, feed, Gatherer, LibraryWriter, Target } from './gather/index.js';
import { Ledger, type LedgerDataset } from './ledger.js';
import type { RestoredDataset } from './numbered-chunks.js';
import { type WorkerPool, withPool } from './pool.js';
import type { ChunkRecord } from './record.js';
import { SourceBlocks } from './source-blocks.js';
import { atIntervals, convertSources, workerPlan } from './source-jobs.js';
import { allOrStop, runBoth } from './tasks.js';
import { isTimestamps, TimestampCheck } from './timestamp-check.js';

/** Milliseconds between two progress reports while iterators deliver data. */
const REPORT_MS = 100;

export type RunOptions = Pick<ResolvedOptions, 'signal' | 'onProgress' | 'keepPartial'>;

/** What a run starts from, and where it records what it does. */
export interface RunStart {
  /** Default: nothing is recorded. */
  readonly record?: ChunkRecord;
  /** What an earlier run left, by the dataset's number. */
  readonly restored?: ReadonlyMap<number, RestoredDataset>;
  /**
   * Whether the file existed before: chunks then take the places of those that they replace. Default: false
   */
  readonly isExisting?: boolean;
}

/** What a run knows once all datasets are complete, before the file is closed. */
export interface WrittenFile {
  readonly ledger: Ledger;
  /** The datasets whose data passed through the coordinator, by their number. */
  readonly targets: ReadonlyMap<number, Target>;
  /** By the dataset's number. */
  readonly timestamps: ReadonlyMap<number, TimestampCheck>;
  /** Seconds for which the workers ran. */
  readonly run: number;
  /** Seconds that placing the chunks of an earlier run took. */
  readonly restore: number;
}

/**
 * Runs all jobs, takes in the data of all iterators, and places all chunks.
 *
 * @param opened the open datasets, in the order of the plan
 * @throws JobError for a job or chunk that failed; ChangedError if a source has changed; BudgetError if a dataset
 * does not fit into the memory for gathering; DataError, LayoutError for a DataChunk that does not fit; the error
 * of an iterator; Hdf5Error, WriteError; the reason of `signal` if it stopped the run
 */
export async function run(
  file: File,
  opened: readonly Dataset[],
  { datasets, workers, gathering, writerBytes }: WorkPlan,
  { signal, onProgress, keepPartial }: RunOptions,
  { record, restored = new Map(), isExisting = false }: RunStart = {},
): Promise<WrittenFile> {
  // Chunks of data that pass through the coordinator may be read back.
  const isRead = datasets.some((one) => isFed(one) && !one.spec.isUnchunked);
  const ledger = new Ledger(record, isExisting ? { file, isRead } : undefined);
  // The ledger counts datasets as the plan does, so both know a dataset by the same number.
  for (const [at, dataset] of datasets.entries()) {
    ledger.add(ledgerDataset(dataset, opened[at]));
    // An existing dataset may have to grow.
    ledger.resize(at, restored.get(at)?.extent ?? dataset.spec.shape);
  }
  ledger.settle();
  const restoring = performance.now();
  for (const [at, { chunks }] of restored) ledger.restore(at, chunks);
  const restore = (performance.now() - restoring) / 1000;
  const timestamps = new Map<number, TimestampCheck>();
  for (const [at, { spec }] of datasets.entries())
    if (isTimestamps(spec)) timestamps.set(at, new TimestampCheck());
  const targets = new Map<number, Target>();
  for (const [at, dataset] of datasets.entries())
    if (isFed(dataset))
      targets.set(at, new Target(at, opened[at], dataset.spec, timestamps.get(at)));
  const report = () => onProgress?.(structuredClone(ledger.progress));
  report();
  const begin = performance.now();
  const plan = workerPlan(file, datasets, writerBytes);
  const body = async (pool: WorkerPool) => {
    const gatherer = new Gatherer(pool, ledger, gathering);
    // Without a durable record, acknowledged data must be in the file itself.
    const acknowledge = () => {
      ledger.settle();
      file.flush();
    };
    const context: FeedContext = {
      ...{ pool, ledger, gatherer, onProgress: atIntervals(report, REPORT_MS) },
      ...(!record?.isDurable && { acknowledge }),
    };
    for (const target of targets.values()) if (!target.spec.isUnchunked) gatherer.admit(target);
    const feeds = feedAll(targets, datasets, context);
    const sourceRun = { plan, datasets, ledger, restored, timestamps, onProgress: report };
    const sources = convertSources(pool, sourceRun);
    await runBoth(
      () => allOrStop(pool, [sources, ...feeds]),
      // Data that came from a stream may exist nowhere else.
      () => (pool.stopped && !keepPartial ? gatherer.drop() : gatherer.flush()),
    );
  };
  try {
    if (datasets.some((one) => isFed(one) || (isSourced(one) && one.data.jobCount > 0)))
      await withPool(plan, workers, signal, body);
  } catch (error) {
    if (keepPartial) settleAnyway(ledger);
    throw error;
  }
  ledger.settle();
  // Reports at intervals may have missed the last DataChunks.
  if (targets.size > 0) report();
  return { ledger, run: (performance.now() - begin) / 1000, restore, targets, timestamps };
}

/** Feeds all targets at the same time, but reads sources on this thread one after the other. */
function feedAll(
  targets: ReadonlyMap<number, Target>,
  datasets: readonly PlannedDataset[],
  context: FeedContext,
): Promise<void>[] {
  const unchunked = { ...context, gatherer: new LibraryWriter(context.ledger) };
  const contextOf = ({ isUnchunked }: DatasetSpec) => (isUnchunked ? unchunked : context);
  const feedDirect = async () => {
    for (const [at, target] of targets) {
      const dataset = datasets[at];
      if (!isDirect(dataset)) continue;
      const blocks = new SourceBlocks(dataset.spec.path, dataset.data);
      await feed(target, blocks, contextOf(dataset.spec));
    }
  };
  const feedStreams = [...targets].flatMap(([at, target]) => {
    const dataset = datasets[at];
    if (!isStreamed(dataset)) return [];
    return [feed(target, dataset.data.blocks, contextOf(dataset.spec))];
  });
  return [feedDirect(), ...feedStreams];
}

/** Places the chunks that were written before an error. Does not throw, because that error is the one to report. */
function settleAnyway(ledger: Ledger): void {
  try {
    ledger.settle();
  } catch {
    // Chunks on record are placed when the conversion is resumed.
  }
}

function ledgerDataset(dataset: PlannedDataset, opened: Dataset): LedgerDataset {
  const { path, layout, rawBytes, chunkCount, index } = dataset.spec;
  // It is not known how much data a stream will bring, even if its extent is known.
  const size = isStreamed(dataset) ? { rawBytes: 0, chunkCount: 0 } : { rawBytes, chunkCount };
  return { path, dataset: opened, chunk: layout.chunk, index, ...size };
}
