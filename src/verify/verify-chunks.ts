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
import { LayoutError, product, tooLittleMemory } from '../layout/index.js';
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
  /** Number of chunks that have a checksum. */
  readonly chunks: number;
  /** Bytes of all stored chunks. */
  readonly storedBytes: number;
  /** In words, the first damaged chunk and the number of others, or the changes by another program. */
  readonly problem?: string;
}

/** How the chunks of a file compare with their checksums. */
export interface VerifyChunksReport {
  /** Absolute path of the file. */
  readonly path: string;
  /** The worst state among the datasets. */
  readonly state: ChunksState;
  /** Whether all datasets are intact, and no data are missing. */
  readonly equal: boolean;
  /** Number of chunks that have a checksum. */
  readonly chunks: number;
  /** Bytes of all stored chunks of datasets that have checksums. */
  readonly storedBytes: number;
  readonly seconds: number;
  readonly datasets: readonly ChunksVerification[];
  /** Data that a recovered file is known to lack, one line each. */
  readonly missing: readonly string[];
  /** Paths of chunked datasets of numbers that have no checksums, so that they could not be verified. */
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
 * Decodes the chunks of a file and compares them with the checksums that the file holds, in parallel. This
 * finds damage without the sources, and tells it from changes that another program made. Datasets that are
 * not chunked have no checksums.
 *
 *     const { state, datasets } = await verifyChunks('session.nwb');
 *
 * @throws ChecksumError if the file holds no checksums; OptionError if an option is unknown or invalid; BudgetError if the
 * memory does not hold one chunk for each worker; Hdf5Error if the file can't be opened; the reason of `signal`
 */
export async function verifyChunks(
  path: string,
  options: VerifyChunksOptions = {},
): Promise<VerifyChunksReport> {
  const begin = performance.now();
  // Conversions accept more options than this.
  requireKnown(options, VERIFY_CHUNKS_OPTIONS);
  const { onProgress, ...rest } = options;
  const resolved = resolveOptions(rest);
  resolved.signal?.throwIfAborted();
  using file = new File(resolve(path), 'r');
  const looked = lookAt(file);
  const stored = looked.flatMap((one) => (one instanceof CheckedDataset ? one : []));
  await check(file, stored, resolved, onProgress);
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

/** A dataset that has checksums, but no chunks that can be compared with them. */
interface Incomparable {
  readonly path: string;
  readonly state: ChunksState;
  readonly problem: string;
}

/** Opens all datasets that have checksums. @throws ChecksumError if there are none */
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

/** @throws ChecksumError if the checksums are malformed; Hdf5Error if the dataset can't be opened */
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

/** The message of an error that a damaged file may cause. @throws all other errors */
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
      await recordDamage(one, async () => {
        const onFailed = (chunk: FailedChunk) => one.fails(chunk);
        for await (const chunks of one.unknown(at, signal))
          await checkChunks(pool, [chunks], { ...run, onFailed });
      });
  };
  if (!stored.some(({ chunks, storedBytes }) => chunks > 0 || storedBytes > 0)) return;
  await withPool({ filename: file.filename }, workersFor(stored, options), signal, compare);
}

/** Yields chunks dataset by dataset. A chunk index that can't be read ends the search of its dataset only. */
function* located(stored: readonly CheckedDataset[]): Generator<CheckedChunks, void, undefined> {
  for (const [at, one] of stored.entries())
    try {
      yield* one.located(at);
    } catch (error) {
      one.abort(problemFrom(error));
    }
}

/** Searches a dataset. Damage that ends the search becomes a finding. @throws all other errors */
async function recordDamage(one: CheckedDataset, search: () => Promise<void>): Promise<void> {
  try {
    await search();
  } catch (error) {
    one.abort(problemFrom(error));
  }
}

/**
 * The number of workers: at most one for each task. By default, at most as many as fit into the memory.
 *
 * @throws BudgetError if the memory does not hold one chunk, stored and decoded, for each worker
 */
function workersFor(
  stored: readonly CheckedDataset[],
  { workers, mayUseFewer, memory }: Pick<ResolvedOptions, 'workers' | 'mayUseFewer' | 'memory'>,
): number {
  const tasks = stored.reduce(
    (sum, { storedBytes, chunks }) =>
      sum + Math.ceil(storedBytes / CHECK_BYTES) + Math.ceil(chunks / CHECK_CHUNKS),
    0,
  );
  const encodeBytes = maxEncoderBytes(stored.map(({ layout }) => layout));
  const scratch = stored.map(
    ({ layout }) => product(layout.chunk) * layout.itemSize + maxStoredBytes(layout),
  );
  const most = Math.max(...scratch);
  const fitting = mayUseFewer ? Math.floor(memory / (encodeBytes + most)) : workers;
  const needed = Math.max(1, Math.min(workers, tasks, fitting));
  if (needed * (encodeBytes + most) > memory) {
    const name = stored[scratch.indexOf(most)].path;
    throw tooLittleMemory({ memory, workers: needed, encodeBytes, name }, most);
  }
  return needed;
}
