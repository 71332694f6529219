import { clippedCount } from '../../layout/index.js';
import type { DecodeDone, DecodeTask } from '../../workers/index.js';
import type { Ledger } from '../ledger.js';
import type { WorkerPool } from '../pool.js';
import type { Target } from './target.js';

/**
 * Has a stored chunk decoded by a worker; undefined where none is stored.
 *
 * @param start first element of the chunk
 * @param buffer goes to the worker; the promise is for the one that comes back, with the chunk
 */
export function readBack(
  pool: WorkerPool,
  ledger: Ledger,
  target: Target,
  start: readonly number[],
  buffer: ArrayBuffer,
): Promise<ArrayBuffer> | undefined {
  if (target.fresh && !target.encoded.has(String(start))) return undefined;
  ledger.settle();
  const inside = clippedCount(start, target.chunk, ledger.extent(target.number));
  const placements = target.dataset.locate(start, inside);
  if (placements[0] < 0) return undefined;
  const task: DecodeTask = { ...target.encoding, placements, chunks: [buffer] };
  return pool.run<DecodeDone>('decode', task, [buffer]).then(({ chunks }) => chunks[0]);
}
