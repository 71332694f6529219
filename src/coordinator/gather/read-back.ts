import { JobError } from '../../errors.js';
import { isStored } from '../../hdf5/index.js';
import { clippedCount } from '../../layout/index.js';
import type { DecodeTask } from '../../workers/index.js';
import type { GatherTask } from '../lazy-pool.js';
import type { Ledger } from '../ledger.js';
import type { TaskRunner } from '../pool.js';
import type { Target } from './target.js';

/**
 * Reads a stored chunk back into memory.
 *
 * @param start first element of the chunk
 * @param buffer memory for the chunk; it may be moved to a worker and come back as another object
 * @returns a promise of the buffer with the chunk, which rejects with a JobError if the chunk is damaged;
 * undefined if no chunk is stored
 */
export function readBack(
  tasks: TaskRunner<GatherTask>,
  ledger: Ledger,
  target: Target,
  start: readonly number[],
  buffer: ArrayBuffer,
): Promise<ArrayBuffer> | undefined {
  if (target.spec.isNew && !target.encoded.has(String(start))) return undefined;
  ledger.settle();
  const inside = clippedCount(start, target.chunk, ledger.extent(target.number));
  const placements = target.dataset.locate(start, inside);
  if (!isStored(placements, 0)) return undefined;
  const task: DecodeTask = { ...target.encoding, placements, chunks: [buffer] };
  return tasks.run('decode', task, [buffer]).then(
    ({ chunks }) => chunks[0],
    (error) => {
      throw new JobError(
        { dataset: target.path, hyperslab: { start, count: target.chunk }, file: tasks.filename },
        { cause: error },
      );
    },
  );
}
