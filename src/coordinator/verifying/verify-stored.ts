import { resolve } from 'node:path';
import { File, Hdf5Error } from '../../hdf5/index.js';
import { tooLittleMemory } from '../../layout/budget.js';
import { LayoutError, product } from '../../layout/index.js';
import { mostStoredBytes } from '../../workers/index.js';
import { type FilledOptions, fillOptions, requireKnown } from '../options.js';
import { withPool } from '../pool.js';
import { mostEncoderBytes } from '../work.js';
import { CHECK_BYTES, CHECK_CHUNKS, type CheckedChunks, checkChunks } from './check-chunks.js';
import { listChecksums, readMissing } from './checksums.js';
import { StoredDataset } from './stored-dataset.js';
import { listUnchecked } from './unchecked.js';
import type { VerifyOptions } from './verify.js';

/** Whether the stored chunks of a dataset are what was written. */
export interface ChunksVerification {
  /** Absolute path in the file. */
  readonly path: string;
  readonly equal: boolean;
  /** How many chunks have a checksum. */
  readonly chunks: number;
  /** Bytes of the chunks that are stored. */
  readonly storedBytes: number;
  /** In words, what is wrong first, and how many more chunks are. */
  readonly problem?: string;
}

export interface VerifyChunksReport {
  /** The file. */
  readonly path: string;
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

const KNOWN: readonly string[] = [
  'workers',
  'memory',
  'signal',
  'onProgress',
] satisfies (keyof VerifyChunksOptions)[];

/**
 * Compares the chunks of a file with the checksums that it holds of them, and decodes them, in
 * parallel: tells damage without the sources. Datasets that are not chunked have no checksums.
 *
 *     const { equal, datasets } = await verifyChunks('session.nwb');
 *
 * @throws LayoutError for a file that holds no checksums, or an option that can't be used; BudgetError
 * where the memory does not hold one chunk for each worker; Hdf5Error when the file can't be opened;
 * the reason of `signal`
 */
export async function verifyChunks(
  path: string,
  options: VerifyChunksOptions = {},
): Promise<VerifyChunksReport> {
  const begin = performance.now();
  // Those of a conversion are more.
  requireKnown(options, KNOWN);
  const { onProgress, ...rest } = options;
  const filled = fillOptions(rest);
  filled.signal?.throwIfAborted();
  using file = new File(resolve(path), 'r');
  const looked = lookAt(file);
  const stored = looked.flatMap((one) => (one instanceof StoredDataset ? one : []));
  await check(file, stored, filled, onProgress);
  const datasets = looked.map(verification);
  const missing = readMissing(file);
  return {
    path: file.filename,
    equal: missing.length === 0 && datasets.every(({ equal }) => equal),
    chunks: datasets.reduce((sum, { chunks }) => sum + chunks, 0),
    storedBytes: datasets.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    seconds: (performance.now() - begin) / 1000,
    datasets,
    missing,
    unchecked: listUnchecked(file, looked),
  };
}

/** A dataset that has checksums, but is not there, or is another one. */
interface Unfit {
  readonly path: string;
  readonly problem: string;
}

/** @throws LayoutError where no dataset has checksums */
function lookAt(file: File): (StoredDataset | Unfit)[] {
  const paths = listChecksums(file);
  if (paths.length === 0)
    throw new LayoutError(
      {
        name: file.filename,
        expected: 'a file with checksums (hyperslab keeps them in /hyperslab)',
        received: 'none',
      },
      'name a manifest to compare it with its sources',
    );
  return paths.map((path) => {
    try {
      return new StoredDataset(file, path);
    } catch (error) {
      return { path, problem: problemFrom(error) };
    }
  });
}

/** What the errors of a damaged file say. @throws all others */
function problemFrom(error: unknown): string {
  if (error instanceof Hdf5Error || error instanceof LayoutError) return error.message;
  throw error;
}

function verification(one: StoredDataset | Unfit): ChunksVerification {
  const { path, problem } = one;
  const { chunks, storedBytes } = one instanceof StoredDataset ? one : NOTHING;
  return { path, equal: problem === undefined, chunks, storedBytes, ...(problem && { problem }) };
}

const NOTHING = { chunks: 0, storedBytes: 0 };

async function check(
  file: File,
  stored: readonly StoredDataset[],
  options: FilledOptions,
  onProgress: VerifyOptions['onProgress'],
): Promise<void> {
  const { signal } = options;
  const bytesPlanned = stored.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
  let bytesRead = 0;
  const plan = { filename: file.filename, token: 0n, datasets: [] };
  if (stored.some(({ chunks }) => chunks > 0))
    await withPool(plan, workersFor(stored, options), signal, (pool) =>
      checkChunks(pool, located(stored), {
        decode: true,
        onFailed: ({ dataset, number, problem }) => stored[dataset].fail(number, problem),
        onProgress: (part) => {
          bytesRead += part.storedBytes;
          onProgress?.({ bytesRead, bytesPlanned });
        },
      }),
    );
  for (const one of stored)
    try {
      await one.findUnknown(signal);
    } catch (error) {
      one.giveUp(problemFrom(error));
    }
}

/** Dataset after dataset; an index that can't be read ends its dataset only. */
function* located(stored: readonly StoredDataset[]): Generator<CheckedChunks, void, undefined> {
  for (const [at, one] of stored.entries())
    try {
      yield* one.located(at);
    } catch (error) {
      one.giveUp(problemFrom(error));
    }
}

/**
 * No more workers than tasks.
 *
 * @throws BudgetError where the memory does not hold one chunk, stored and decoded, for each of them
 */
function workersFor(
  stored: readonly StoredDataset[],
  { workers, memory }: Pick<FilledOptions, 'workers' | 'memory'>,
): number {
  const tasks = stored.reduce(
    (sum, { storedBytes, chunks }) =>
      sum + Math.ceil(storedBytes / CHECK_BYTES) + Math.ceil(chunks / CHECK_CHUNKS),
    0,
  );
  const needed = Math.max(1, Math.min(workers, tasks));
  const encodeBytes = mostEncoderBytes(stored.map(({ layout }) => layout));
  const scratch = stored.map(
    ({ layout }) => product(layout.chunk) * layout.itemSize + mostStoredBytes(layout),
  );
  const most = Math.max(...scratch);
  if (needed * (encodeBytes + most) > memory) {
    const name = stored[scratch.indexOf(most)].path;
    throw tooLittleMemory({ memory, workers: needed, encodeBytes, name }, most);
  }
  return needed;
}
