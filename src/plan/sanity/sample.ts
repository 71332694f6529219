import {
  type Hyperslab,
  ITEM_ARRAYS,
  type ItemArray,
  itemSize,
  product,
  slabSize,
} from '../../layout/index.js';
import { modulesOf, type SourceReader } from '../../sources/index.js';
import type { NdArray } from '../../streams/index.js';
import { readDense } from '../dense-read.js';
import type { Probed } from '../probe.js';
import type { SeriesDataset } from './series.js';

/** A few blocks of a dataset, spread evenly from its first row to its last. */
export interface Sample {
  readonly blocks: readonly SampleBlock[];
}

/** Consecutive rows, dense. Of data that are wide, such as images, only the middle is sampled. */
export interface SampleBlock {
  readonly slab: Hyperslab;
  readonly items: ItemArray;
}

/**
 * The size of a sample: 170 rows of 384 channels, for a root mean square within some percent, and few enough values
 * that they are read and summed in a few milliseconds, by code that no compiler has optimized yet.
 */
const BLOCKS = 8;
const BLOCK_BYTES = 16 * 1024;
/** Sources that don't store whole rows need a read for every column, so fewer blocks are read. */
const SCATTERED_BLOCKS = 3;

/** What gives the data of a dataset without consuming them: an array in memory, or an open source. */
export type Readable = NdArray | Pick<SourceReader, 'read' | 'scratchBytes' | 'info'>;

/**
 * Modules are not readable here: their code may hang or throw, which a worker survives and the calling thread does not.
 *
 * @param probed the opened data of a bulk dataset
 */
export function readableOf(
  { node }: SeriesDataset,
  probed: Probed | undefined,
): Readable | undefined {
  if (node.kind === 'dataset') {
    const { shape, data } = node.value;
    return { shape, data: data as ItemArray };
  }
  if (probed?.kind === 'source') return modulesOf(probed.source).length > 0 ? undefined : probed;
  return probed && 'shape' in probed.blocks && ArrayBuffer.isView(probed.blocks.data)
    ? (probed.blocks as NdArray)
    : undefined;
}

/**
 * Reads a sample; undefined if the data are empty or can't be read. An error is no finding: the conversion meets it
 * again, and reports it with the job that failed.
 */
export async function readSample(
  { dtype, shape }: SeriesDataset,
  readable: Readable,
): Promise<Sample | undefined> {
  if (shape.length === 0 || product(shape) === 0) return undefined;
  const isScattered = 'info' in readable && readable.info.storageOrder[0] !== 0;
  const slabs = blockSlabs(shape, itemSize(dtype), isScattered ? SCATTERED_BLOCKS : BLOCKS);
  try {
    const scratch = new Uint8Array('info' in readable ? readable.scratchBytes(slabs[0]) : 0);
    const reader =
      'info' in readable ? readable : { read: (slab: Hyperslab) => [pieceOf(readable, slab)] };
    const blocks: SampleBlock[] = [];
    for (const slab of slabs) {
      const items = new ITEM_ARRAYS[dtype](slabSize(slab));
      await readDense(reader, slab, scratch, items);
      blocks.push({ slab, items });
    }
    return { blocks };
  } catch {
    return undefined;
  }
}

/** A part of an array in memory, without a copy. */
function pieceOf({ data, shape }: NdArray, { start, count }: Hyperslab) {
  const size = data.BYTES_PER_ELEMENT;
  const steps = shape.map((_, axis) => product(shape.slice(axis + 1)) * size);
  const offset = start.reduce((sum, at, axis) => sum + at * steps[axis], 0);
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  return { start, count, bytes, offset, steps, swap: false };
}

/** The hyperslabs to sample; all rows if they fit into the sample. */
export function blockSlabs(
  shape: readonly number[],
  size: number,
  blocks: number,
  blockBytes = BLOCK_BYTES,
): Hyperslab[] {
  const [length, ...row] = shape;
  // At least two rows, because some checks compare neighbours.
  const across = middle(row, Math.max(1, Math.floor(blockBytes / size / 2)));
  const rows = Math.max(1, Math.floor(blockBytes / size / product(across.count)));
  if (length <= rows * blocks) return [slabOf(0, length, across)];
  return Array.from({ length: blocks }, (_, at) =>
    slabOf(Math.floor(((length - rows) * at) / Math.max(1, blocks - 1)), rows, across),
  );
}

function slabOf(first: number, rows: number, { start, count }: Hyperslab): Hyperslab {
  return { start: [first, ...start], count: [rows, ...count] };
}

/** The middle of a row that is larger than `most` items: the slowest axes are shortened first. */
function middle(row: readonly number[], most: number): Hyperslab {
  const count = [...row];
  for (let axis = 0; axis < row.length; axis++)
    count[axis] = Math.min(row[axis], Math.max(1, Math.floor(most / product(row.slice(axis + 1)))));
  return { start: row.map((length, axis) => Math.floor((length - count[axis]) / 2)), count };
}
