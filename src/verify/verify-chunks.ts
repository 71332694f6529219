import { resolve } from 'node:path';
import {
  ChecksumError,
  listChecksums,
  openAt,
  openChecksums,
  readMissing,
  type StoredChecksums,
} from '../checksums/index.js';
import { type WorkerPool, withPool } from '../coordinator/index.js';
import { Dataset, File, Hdf5Error } from '../hdf5/index.js';
import { tooLittleMemory } from '../layout/budget.js';
import { LayoutError, product } from '../layout/index.js';
import { optionNames, requireKnown } from '../option-error.js';
import { type ResolvedOptions, resolveOptions } from '../options.js';
import { chunkProblem, maxEncoderBytes } from '../plan/index.js';
import { maxStoredBytes } from '../workers/index.js';
import {
  CHECK_BYTES,
  CHECK_CHUNKS,
  type CheckedChunks,
  checkChunks,
  type FailedChunk,
} from './check-chunks.js';
import { CheckedDataset } from './checked-dataset.js';
import { type ChunksState, changedText, worstState } from './findings.js';
import type { VerifyOptions } from './report.js';
import { listUnchecked } from './unchecked.js';

/** Whether the stored chunks of a dataset are what was written. */
export interface ChunksVerification {
  /** Absolute path in the file. */
  readonly path: string;
  readonly state: ChunksState;
  /** Whether it is intact. */
  readonly equal: boolean;
  /** How many chunks have a checksum. */
  readonly chunks: number;
  /** Bytes of the chunks that are stored. */
  readonly storedBytes: number;
  /** In words, what is wrong first, and how many more chunks are; or what another program changed. */
  readonly problem?: string;
}

export interface VerifyChunksReport {
  /** The file. */
  readonly path: string;
  /** The worst of its datasets. */
  readonly state: ChunksState;
  /** Whether all datasets are intact, and nothing is missing. */
  readonly equal: boolean;
  readonly chunks: number;
  readonly storedBytes: number;
  readonly seconds: number;
  readonly datasets: readonly ChunksVerification[];
  /** What is known to be missing, of a file that was recovered, one line each. */
  readonly missing: readonly string[];
  /** Chunked datasets of numbers that have no checksums: nothing is known of them. */
  readonly unchecked: readonly string[];
}

export type VerifyChunksOptions = Pick<
  VerifyOptions,
  'workers' | 'memory' | 'signal' | 'onProgress'
>;

const VERIFY_CHUNKS_OPTIONS = optionNames<VerifyChunksOptions>({
  workers: 1,
  memory: 1,
  signal: 1,
  onProgress: 1,
});

/**
 * Compares the chunks of a file with the checksums that it holds of them, and decodes them, in
 * parallel: tells damage without the sources, and apart from changes that another program made. Datasets
 * that are not chunked have no checksums.
 *
 *     const { state, datasets } = await verifyChunks('session.nwb');
 *
 * @throws ChecksumError for a file that holds no checksums; OptionError for an option that can't be used; BudgetError
 * where the memory does not hold one chunk for each worker; Hdf5Error when the file can't be opened;
 * the reason of `signal`
 */
export async function verifyChunks(
  path: string,
  options: VerifyChunksOptions = {},
): Promise<VerifyChunksReport> {
  const begin = performance.now();
  // Conversions accept more options than this.
  requireKnown(options, VERIFY_CHUNKS_OPTIONS);
  const { onProgress, ...rest } = options;
  const filled = resolveOptions(rest);
  filled.signal?.throwIfAborted();
  using file = new File(resolve(path), 'r');
  const looked = lookAt(file);
  const stored = looked.flatMap((one) => (one instanceof CheckedDataset ? one : []));
  await check(file, stored, filled, onProgress);
  const datasets = looked.map(verification);
  const missing = readMissing(file);
  return {
    path: file.filename,
    state: worstState(datasets.map(({ state }) => state)),
    equal: missing.length === 0 && datasets.every(({ equal }) => equal),
    chunks: datasets.reduce((sum, { chunks }) => sum + chunks, 0),
    storedBytes: datasets.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    seconds: (performance.now() - begin) / 1000,
    datasets,
    missing,
    unchecked: listUnchecked(file, looked),
  };
}

/** A dataset that has checksums, but no chunks that could be compared with them. */
interface Incomparable {
  readonly path: string;
  readonly state: ChunksState;
  readonly problem: string;
}

/** @throws ChecksumError where no dataset has checksums */
function lookAt(file: File): (CheckedDataset | Incomparable)[] {
  const paths = listChecksums(file);
  if (paths.length === 0)
    throw new ChecksumError({
      path: file.filename,
      problem: `${file.filename} has no checksums (hyperslab keeps them in /hyperslab)`,
      remedy: 'give the description, or the manifest, to compare the file with its sources',
    });
  return paths.map((path) => {
    try {
      return open(file, path);
    } catch (error) {
      return { path, state: 'damaged', problem: problemFrom(error) };
    }
  });
}

/** @throws ChecksumError for damaged checksums; Hdf5Error for what can't be opened */
function open(file: File, path: string): CheckedDataset | Incomparable {
  const checksums = openChecksums(file, path) as StoredChecksums;
  const dataset = openAt(file, path);
  const outdated = (change: string): Incomparable => ({
    path,
    state: 'outdated',
    problem: changedText([change]),
  });
  if (!dataset) return outdated('it was removed or renamed');
  if (!(dataset instanceof Dataset)) return outdated('it is no dataset any more');
  const problem = chunkProblem(dataset);
  if (problem) return outdated(`${problem.received} instead of ${problem.expected}`);
  return new CheckedDataset(dataset, checksums);
}

/** What the errors of a damaged file say. @throws all others */
function problemFrom(error: unknown): string {
  if (error instanceof Hdf5Error || error instanceof ChecksumError || error instanceof LayoutError)
    return error.message;
  throw error;
}

function verification(one: CheckedDataset | Incomparable): ChunksVerification {
  const { path, state, problem } = one;
  const { chunks, storedBytes } = one instanceof CheckedDataset ? one : NOTHING;
  const equal = state === 'intact';
  return { path, state, equal, chunks, storedBytes, ...(problem !== undefined && { problem }) };
}

const NOTHING = { chunks: 0, storedBytes: 0 };

async function check(
  file: File,
  stored: readonly CheckedDataset[],
  options: ResolvedOptions,
  onProgress: VerifyOptions['onProgress'],
): Promise<void> {
  const { signal } = options;
  const bytesPlanned = stored.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
  let bytesRead = 0;
  const run = {
    decode: true,
    onProgress: (part: { readonly storedBytes: number }) => {
      bytesRead += part.storedBytes;
      onProgress?.({ bytesRead, bytesPlanned });
    },
  };
  const compare = async (pool: WorkerPool) => {
    const onFailed = (chunk: FailedChunk) => stored[chunk.dataset].differs(chunk);
    await checkChunks(pool, located(stored), { ...run, onFailed });
    for (const [at, one] of stored.entries())
      await tellingOf(one, async () => {
        const onFailed = (chunk: FailedChunk) => one.fails(chunk);
        for await (const chunks of one.unknown(at, signal))
          await checkChunks(pool, [chunks], { ...run, onFailed });
      });
  };
  if (!stored.some(({ chunks, storedBytes }) => chunks > 0 || storedBytes > 0)) return;
  await withPool({ filename: file.filename }, workersFor(stored, options), signal, compare);
}

/** Dataset after dataset; an index that can't be read ends its dataset only. */
function* located(stored: readonly CheckedDataset[]): Generator<CheckedChunks, void, undefined> {
  for (const [at, one] of stored.entries())
    try {
      yield* one.located(at);
    } catch (error) {
      one.abort(problemFrom(error));
    }
}

/** Runs the search of a dataset, which a file that is damaged ends. @throws all other errors */
async function tellingOf(one: CheckedDataset, search: () => Promise<void>): Promise<void> {
  try {
    await search();
  } catch (error) {
    one.abort(problemFrom(error));
  }
}

/**
 * No more workers than tasks.
 *
 * @throws BudgetError where the memory does not hold one chunk, stored and decoded, for each of them
 */
function workersFor(
  stored: readonly CheckedDataset[],
  { workers, memory }: Pick<ResolvedOptions, 'workers' | 'memory'>,
): number {
  const tasks = stored.reduce(
    (sum, { storedBytes, chunks }) =>
      sum + Math.ceil(storedBytes / CHECK_BYTES) + Math.ceil(chunks / CHECK_CHUNKS),
    0,
  );
  const needed = Math.max(1, Math.min(workers, tasks));
  const encodeBytes = maxEncoderBytes(stored.map(({ layout }) => layout));
  const scratch = stored.map(
    ({ layout }) => product(layout.chunk) * layout.itemSize + maxStoredBytes(layout),
  );
  const most = Math.max(...scratch);
  if (needed * (encodeBytes + most) > memory) {
    const name = stored[scratch.indexOf(most)].path;
    throw tooLittleMemory({ memory, workers: needed, encodeBytes, name }, most);
  }
  return needed;
}
