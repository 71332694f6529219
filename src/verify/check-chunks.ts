import { forEachConcurrently, runWithRetry, type WorkerPool } from '../coordinator/index.js';
import {
  type ChunkLayout,
  type Placements,
  slicePlacements,
  storedBytesOf,
  totalStoredBytes,
} from '../hdf5/index.js';
import type { CheckTask, FailedCheck } from '../workers/index.js';

/** Some chunks of a dataset as they are stored, with the checksums that their bytes had, if they are known. */
export interface CheckedChunks {
  /** The dataset's number, as the caller counts. */
  readonly dataset: number;
  /** Absolute path in the file. */
  readonly name: string;
  readonly layout: ChunkLayout;
  /** In C order of the chunk grid of the extent. */
  readonly numbers: Float64Array;
  /** Chunks that are not stored are passed over. */
  readonly placements: Placements;
  readonly checksums?: BigUint64Array;
  /** How many bits of a checksum are known, the low ones. Default: all 64 */
  readonly bits?: number;
}

/** A chunk that is not what was stored. */
export interface FailedChunk extends Omit<FailedCheck, 'at'> {
  readonly dataset: number;
  /** In C order of the chunk grid of the extent. */
  readonly number: number;
}

/** What was looked at in one task. */
export interface CheckedPart {
  readonly dataset: number;
  readonly chunks: number;
  readonly storedBytes: number;
}

export interface CheckRun {
  /** Whether chunks are decoded, too: needless where only their bytes can have suffered. */
  readonly decode: boolean;
  /** Whether chunks that fit their checksums are written again, in place. Default: false */
  readonly rewrite?: boolean;
  /** Called with each chunk that fails, in the order of the answers. */
  readonly onFailed: (chunk: FailedChunk) => void;
  /** Called after each task. */
  readonly onProgress?: ((part: CheckedPart) => void) | undefined;
}

/** Enough to be worth a task's message, little enough to show progress and to stop soon. */
export const CHECK_BYTES = 16 * 1024 * 1024;
export const CHECK_CHUNKS = 1024;

/**
 * Compares stored chunks with their checksums, on a pool that knows the file, until all are done, one
 * task can't be done, or the pool is stopped. A task that can't be done stops the pool. One whose worker died
 * is run again, once.
 *
 * @param chunks drawn when a worker will soon be free: they need not be in memory together
 * @throws the error of a task, such as that of a file which can't be opened; what `chunks` or a
 * function of `run` throws
 */
export async function checkChunks(
  pool: WorkerPool,
  chunks: Iterable<CheckedChunks>,
  { decode, rewrite = false, onFailed, onProgress }: CheckRun,
): Promise<void> {
  await forEachConcurrently(pool, cut(chunks), async (part) => {
    const { dataset, numbers, name, layout, placements, checksums, bits } = part;
    const task: CheckTask = {
      name,
      layout,
      placements,
      ...(checksums && { checksums }),
      ...(bits !== undefined && { bits }),
      decode,
      ...(rewrite && { rewrite }),
    };
    const { failed } = await runWithRetry(pool, 'check', task);
    for (const { at, ...failure } of failed) onFailed({ dataset, number: numbers[at], ...failure });
    onProgress?.({ dataset, chunks: numbers.length, storedBytes: totalStoredBytes(placements) });
  });
}

/** The same chunks in the portions of tasks. */
function* cut(chunks: Iterable<CheckedChunks>): Generator<CheckedChunks, void, undefined> {
  for (const some of chunks) {
    let first = 0;
    let bytes = 0;
    for (let at = 0; at < some.numbers.length; at++) {
      const size = storedBytesOf(some.placements, at);
      if (at > first && (bytes + size > CHECK_BYTES || at - first === CHECK_CHUNKS)) {
        yield portion(some, first, at);
        first = at;
        bytes = 0;
      }
      bytes += size;
    }
    if (first < some.numbers.length) yield portion(some, first, some.numbers.length);
  }
}

/** Copied: a view would take all that it is a view of along to the worker. */
function portion(chunks: CheckedChunks, first: number, end: number): CheckedChunks {
  return {
    ...chunks,
    numbers: chunks.numbers.slice(first, end),
    placements: slicePlacements(chunks.placements, first, end),
    ...(chunks.checksums && { checksums: chunks.checksums.slice(first, end) }),
  };
}
