import { type Cell, pickedCells, type Target, toChunk, toPicked } from '../coordinator/index.js';
import { JobError } from '../errors.js';
import {
  ChunkCodec,
  ChunkError,
  copyItems,
  isStored,
  joinPlacements,
  type Lattice,
  type Placements,
} from '../hdf5/index.js';
import { type AxisPick, clippedCount, denseSteps } from '../layout/index.js';
import type { DecodeTask } from '../workers/index.js';
import type { Session } from './session.js';

/** Up to this size, chunks are decoded on this thread, because messages to workers would take longer. */
const FEW_BYTES = 1024 * 1024;
/** Bytes of chunks in one task, so that decoding outweighs the message. */
const BATCH_BYTES = 1024 * 1024;
const TASKS_PER_WORKER = 2;

interface StoredCell {
  readonly cell: Cell;
  readonly placement: Placements;
}

/**
 * Reads picked elements of a dataset into dense memory, decoding many chunks in parallel.
 *
 * @param picks the elements to read, axis by axis
 * @param bytes receives the items in C order, in the byte order of the host
 * @throws JobError if a chunk is damaged
 */
export async function readPicked(
  session: Session,
  target: Target,
  picks: readonly AxisPick[],
  bytes: Uint8Array,
): Promise<void> {
  const count = picks.map((pick) => pick.count);
  const to: Lattice = { bytes, offset: 0, steps: denseSteps(count, target.itemSize) };
  const put = (chunk: Uint8Array, cell: Cell) => {
    const from = toChunk(target, chunk, picks, cell);
    copyItems(from, toPicked(to, cell), cell.count, target.itemSize, {
      swap: target.spec.bigEndian,
    });
  };
  const stored = await findStored(session, target, picks, to);
  if (stored.length * target.chunkBytes <= FEW_BYTES) decodeHere(session, target, stored, put);
  else await decodeThere(session, target, stored, put);
}

/** Copies the elements that are in memory, or not stored at all. @returns the chunks that must be read */
async function findStored(
  { ledger, gathered }: Session,
  target: Target,
  picks: readonly AxisPick[],
  to: Lattice,
): Promise<StoredCell[]> {
  const stored: StoredCell[] = [];
  const extent = ledger.extent(target.number);
  for (const cell of pickedCells(picks, target.chunk)) {
    await gathered?.written(target, cell.start);
    if (gathered?.read(target, picks, cell, to)) continue;
    ledger.settle();
    const inside = clippedCount(cell.start, target.chunk, extent);
    const placement = target.dataset.locate(cell.start, inside);
    if (isStored(placement, 0)) stored.push({ cell, placement });
    else putFill(target, cell, to);
  }
  return stored;
}

function putFill(target: Target, cell: Cell, to: Lattice): void {
  const item: Lattice = { bytes: target.fillvalue, offset: 0, steps: cell.count.map(() => 0) };
  copyItems(item, toPicked(to, cell), cell.count, target.itemSize, { swap: target.spec.bigEndian });
}

type Put = (chunk: Uint8Array, cell: Cell) => void;

function decodeHere(
  session: Session,
  target: Target,
  stored: readonly StoredCell[],
  put: Put,
): void {
  if (stored.length === 0) return;
  using codec = new ChunkCodec(target.layout);
  const chunk = new Uint8Array(target.chunkBytes);
  for (const { cell } of stored) {
    const { bytes, filterMask } = target.dataset.readChunk(cell.start) as {
      bytes: Uint8Array;
      filterMask: number;
    };
    put(
      decodeStored(session, target, cell.start, () => codec.decode(bytes, filterMask, chunk)),
      cell,
    );
  }
}

/** Runs `decode` for the chunk at `start`. @throws JobError if the chunk is damaged */
export function decodeStored(
  { file }: Session,
  { path, chunk }: Target,
  start: readonly number[],
  decode: () => Uint8Array,
): Uint8Array {
  try {
    return decode();
  } catch (error) {
    throw new JobError(
      { dataset: path, hyperslab: { start, count: chunk }, file: file.filename },
      { cause: error as Error },
    );
  }
}

async function decodeThere(
  session: Session,
  target: Target,
  stored: readonly StoredCell[],
  put: Put,
): Promise<void> {
  const { options } = session;
  const pool = session.pool.threads;
  const perTask = Math.max(1, Math.floor(BATCH_BYTES / target.chunkBytes));
  const inMemory = Math.max(1, Math.floor(options.memory / (perTask * target.chunkBytes)));
  let next = 0;
  let failed = false;
  const work = async () => {
    let buffers: readonly ArrayBuffer[] = [];
    while (next < stored.length && !failed) {
      const batch = stored.slice(next, next + perTask);
      next += batch.length;
      buffers = batch.map((_, at) => buffers[at] ?? new ArrayBuffer(target.chunkBytes));
      const task: DecodeTask = {
        name: target.path,
        layout: target.layout,
        placements: joinPlacements(batch.map(({ placement }) => placement)),
        chunks: buffers,
      };
      const done = await pool.run('decode', task, buffers).catch((error) => {
        failed = true;
        // Decoding the chunks here, one by one, throws an error that names the damaged one.
        if (error instanceof ChunkError) decodeHere(session, target, batch, put);
        throw error;
      });
      buffers = done.chunks;
      for (const [at, { cell }] of batch.entries()) put(new Uint8Array(buffers[at]), cell);
    }
  };
  const tasks = Math.ceil(stored.length / perTask);
  const together = Math.min(tasks, pool.workers * TASKS_PER_WORKER, inMemory);
  const ended = await Promise.allSettled(Array.from({ length: together }, work));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}
