import { formatBytes, gatheringBytes, product } from '../layout/index.js';
import type { LaidOut } from './new-dataset.js';
import { encodedLayout, isGathered, mostEncoderBytes, type PlannedWork } from './work.js';

/**
 * Of streams for which the memory is enough, but only just: rows that come one after the other touch
 * a whole row of chunks, of every stream at a time, and what is not held is written and read again.
 */
export function gatheringWarnings({ datasets, workers, gathering }: PlannedWork): string[] {
  const streams = datasets.filter((dataset) => isGathered(dataset) && 'maxshape' in dataset.blocks);
  const growing = streams.filter(({ maxshape }) => maxshape[0] === null);
  const wanted = growing.reduce((sum, dataset) => sum + rowOfChunks(dataset), 0);
  const left = gathering - workers * mostEncoderBytes(growing.map(encodedLayout));
  if (wanted <= left) return [];
  const paths = growing.map(({ path }) => path).join(', ');
  return [
    `${paths}: one row of chunks takes ${formatBytes(wanted)}, but what is gathered may take ` +
      `${formatBytes(left)}: chunks may have to be rewritten; allow more memory, or take chunks of ` +
      'fewer rows',
  ];
}

/** Bytes of the chunks that a row of the data touches. */
function rowOfChunks({ shape, layout: { chunk, itemSize } }: LaidOut): number {
  const across = shape.slice(1).map((length, axis) => Math.ceil(length / chunk[axis + 1]));
  return product(across) * gatheringBytes(product(chunk), itemSize);
}
