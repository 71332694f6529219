import {
  formatBytes,
  gatheringBytes,
  possibleChunks,
  product,
  tableBytes,
} from '../layout/index.js';
import { isDataChunkIterator } from '../streams/index.js';
import { optionName, surface } from '../surface.js';
import type { DatasetSpec } from './dataset-spec.js';
import { isStreamed } from './datasets.js';
import { gatheredLayout, maxEncoderBytes, type WorkOptions, type WorkPlan } from './work.js';

/** Size up to which a chunk index is negligible, in bytes. */
const MAX_TABLE = 64 * 1024 * 1024;

/** Warns if a sparse dataset would get a chunk index with one entry for every possible chunk. */
export function indexWarnings({ path, shape, maxshape, layout, index }: DatasetSpec): string[] {
  if (!layout.skipFill || !index) return [];
  const chunks = possibleChunks({ shape, chunk: layout.chunk, maxshape });
  const bytes = tableBytes(index, chunks, layout.filters.length > 0);
  if (bytes <= MAX_TABLE) return [];
  return [
    `${path}: with ${surface().setting('libver', 'v110')} the file holds a table of all ${chunks} possible chunks, up to ` +
      `${formatBytes(bytes)}: take ${surface().setting('libver', 'earliest')}, larger chunks, or a second unlimited axis in maxshape`,
  ];
}

/**
 * Warns if the memory holds fewer chunks than a row of the streamed data touches. Rows that arrive in order
 * touch a whole row of chunks in every stream at once; a chunk that does not stay in memory is written, read
 * back and written again.
 */
export function gatheringWarnings({ datasets, workers, gathering }: WorkPlan): string[] {
  const growing = datasets
    .filter((one) => isStreamed(one) && isDataChunkIterator(one.data.blocks))
    .map(({ spec }) => spec)
    .filter(({ maxshape }) => maxshape[0] === null);
  const wanted = growing.reduce((sum, spec) => sum + rowOfChunks(spec), 0);
  const left = gathering - workers * maxEncoderBytes(growing.map(gatheredLayout));
  if (wanted <= left) return [];
  const paths = growing.map(({ path }) => path).join(', ');
  return [
    `${paths}: one row of chunks takes ${formatBytes(wanted)}, but only ` +
      `${formatBytes(left)} are left to gather data: chunks may have to be rewritten; raise ${optionName('memory')}, ` +
      'or choose chunks of fewer rows',
  ];
}

/** Warns if the memory holds fewer workers than the machine can run, and the jobs would keep more of them busy. */
export function workerWarnings(
  { fitting, workers }: WorkPlan,
  options: Pick<WorkOptions, 'workers' | 'memory'>,
): string[] {
  if (fitting === undefined || workers < fitting) return [];
  const fit = fitting === 1 ? 'fits' : 'fit';
  return [
    `${fitting} of ${options.workers} workers ${fit} into ${formatBytes(options.memory)} of memory; ` +
      `raise ${optionName('memory')}, or choose smaller chunks, to use all`,
  ];
}

/** Bytes of the chunks that one row of the data touches. */
function rowOfChunks({ shape, layout: { chunk, itemSize } }: DatasetSpec): number {
  const across = shape.slice(1).map((length, axis) => Math.ceil(length / chunk[axis + 1]));
  return product(across) * gatheringBytes(product(chunk), itemSize);
}
