import { JobError } from '../../errors.js';
import { clippedCount } from '../../layout/index.js';
import type { DecodeDone, DecodeTask } from '../../workers/index.js';
import type { Ledger } from '../ledger.js';
import type { TaskRunner } from '../pool.js';
import type { Target } from './target.js';

/**
 * Has a stored chunk decoded; undefined where none is stored.
 *
 * @param start first element of the chunk
 * @param buffer may go to a worker; the promise is for the one that comes back, with the chunk
 * @returns a promise that rejects with a JobError where the chunk is damaged
 */
export function readBack(
  tasks: TaskRunner,
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
  return tasks.run<DecodeDone>('decode', task, [buffer]).then(
    ({ chunks }) => chunks[0],
    (error) => {
      throw new JobError(target.path, { start, count: target.chunk }, error, {
        file: tasks.filename,
      });
    },
  );
}
