import { forEachConcurrently, runWithRetry, type WorkerPool } from '../coordinator/index.js';
import {
  type ChunkLayout,
  type Placements,
  slicePlacements,
  storedBytesOf,
  totalStoredBytes,
} from '../hdf5/index.js';
import type { CheckTask, FailedCheck } from '../workers/index.js';

/** Some stored chunks of a dataset, with the known checksums of their bytes. */
export interface CheckedChunks {
  /** The dataset's number, as the caller counts. */
  readonly dataset: number;
  /** Absolute path in the file. */
  readonly name: string;
  readonly layout: ChunkLayout;
  /** Numbers of the chunks, in C order of the extent's chunk grid. */
  readonly numbers: Float64Array;
  /** Where the chunks are. Chunks that are not stored are skipped. */
  readonly placements: Placements;
  /** One checksum per chunk. Without checksums, the chunks are only decoded. */
  readonly checksums?: BigUint64Array;
  /** Number of low bits of each checksum that are known. Default: all 64 */
  readonly bits?: number;
}

/** A chunk that does not match its checksum, or can't be decoded. */
export interface FailedChunk extends Omit<FailedCheck, 'at'> {
  /** The dataset's number, as in {@link CheckedChunks}. */
  readonly dataset: number;
  /** Number of the chunk, in C order of the extent's chunk grid. */
  readonly number: number;
}

/** The chunks that one task checked. */
export interface CheckedPart {
  /** The dataset's number, as in {@link CheckedChunks}. */
  readonly dataset: number;
  readonly chunks: number;
  readonly storedBytes: number;
}

export interface CheckRun {
  /** Whether chunks are decoded, too. It is not needed if only the stored bytes can be wrong. */
  readonly decode: boolean;
  /** Whether chunks that fit their checksums are rewritten in place. Default: false */
  readonly rewrite?: boolean;
  /** Called with each chunk that fails, in the order in which tasks end. */
  readonly onFailed: (chunk: FailedChunk) => void;
  /** Called after each task. */
  readonly onProgress?: ((part: CheckedPart) => void) | undefined;
}

/** Size of a task: large enough to outweigh its message, small enough to show progress and to stop soon. */
export const CHECK_BYTES = 16 * 1024 * 1024;
export const CHECK_CHUNKS = 1024;

/**
 * Compares stored chunks with their checksums on all workers of a pool whose plan names the file. A task that
 * fails stops the pool, unless its worker died: then the task is repeated once.
 *
 * @param chunks the next ones are taken only when a worker will soon be free, so that they need not be in memory
 * together
 * @throws the first error of a task, such as that of a file that can't be opened; errors of `chunks` and of the
 * callbacks
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

/** Cuts chunks into portions, one for each task. */
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

/** Copies, because a view would be sent to the worker together with its whole buffer. */
function portion(chunks: CheckedChunks, first: number, end: number): CheckedChunks {
  return {
    ...chunks,
    numbers: chunks.numbers.slice(first, end),
    placements: slicePlacements(chunks.placements, first, end),
    ...(chunks.checksums && { checksums: chunks.checksums.slice(first, end) }),
  };
}
