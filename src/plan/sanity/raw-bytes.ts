import { type DType, itemSize } from '../../layout/index.js';
import {
  openSource,
  type ReadableSpec,
  type SourceReader,
  type SourceSpec,
} from '../../sources/index.js';
import { readDense } from '../dense-read.js';
import { blockSlabs } from './sample.js';

type RawSource = Extract<SourceSpec, { type: 'raw' }>;

/**
 * Bytes of a raw file as they are stored, and what the description says about them. Nothing in such a file says what
 * it holds, so that a wrong description would go unnoticed.
 */
export interface RawBytes {
  readonly path: string;
  readonly dtype: DType;
  readonly isBigEndian: boolean;
  readonly offset: number;
  /** Number of axes of the array in the file. */
  readonly rank: number;
  /** Columns of the array if it has two axes, else 1. */
  readonly columns: number;
  /** Whether a column is stored in one piece, in Fortran order. */
  readonly isByColumn: boolean;
  /** Bytes from the offset to the end of the file. */
  readonly length: number;
  /** The first bytes of the file. */
  readonly head: Uint8Array;
  /** Parts of the file, spread evenly. Each begins with the first byte of a row, or of a column's pair of items. */
  readonly blocks: readonly Uint8Array[];
}

const BLOCKS = 4;
const BLOCK_BYTES = 32 * 1024;
/** The type of the items shows in less, and each item is looked at several times. */
const TYPE_BYTES = 1024;
/** Rows of more bytes are not compared, because a block holds too few of them. */
const LONGEST_ROW = BLOCK_BYTES / 4;
/** Some checks look at pairs of items, of up to 8 bytes. */
const PAIR = 8;
const FEW_ROWS = 3;
const HEAD = 512;

/** The same file with shorter blocks, of a few rows at least. */
export function withShortBlocks(raw: RawBytes): RawBytes {
  const row = raw.columns * itemSize(raw.dtype);
  const bytes = Math.max(TYPE_BYTES, FEW_ROWS * row);
  return { ...raw, blocks: raw.blocks.map((block) => block.subarray(0, bytes)) };
}

/** Reads parts of the first raw file of a source; undefined if none of its files is raw, or it can't be read. */
export async function readRawBytes(source: ReadableSpec): Promise<RawBytes | undefined> {
  const raw = firstRaw(source);
  if (!raw) return undefined;
  const { path, dtype, shape, offset = 0, order, endian } = raw;
  const width = shape.length === 2 ? (shape[1] ?? 1) : 1;
  const isWide = width * itemSize(dtype) > LONGEST_ROW;
  const columns = isWide ? 1 : width;
  const isByColumn = order === 'F';
  try {
    const file = await openSource({ type: 'raw', path, dtype: 'uint8', shape: [null] });
    try {
      const length = file.info.shape[0] - offset;
      const blocks: Uint8Array[] = [];
      const row = PAIR * (isByColumn ? 1 : columns);
      const rows = Math.floor(length / row);
      if (rows > 0)
        for (const { start, count } of blockSlabs([rows], 1, BLOCKS, Math.ceil(BLOCK_BYTES / row)))
          blocks.push(await readBytes(file, offset + start[0] * row, count[0] * row));
      const head = await readBytes(file, 0, Math.min(HEAD, file.info.shape[0]));
      const rank = shape.length;
      const isBigEndian = endian === 'big';
      return { path, dtype, isBigEndian, offset, rank, columns, isByColumn, length, head, blocks };
    } finally {
      await file.close();
    }
  } catch {
    // The conversion meets the error again, and reports it.
    return undefined;
  }
}

async function readBytes(file: SourceReader, from: number, count: number): Promise<Uint8Array> {
  const slab = { start: [from], count: [count] };
  const bytes = new Uint8Array(count);
  await readDense(file, slab, new Uint8Array(file.scratchBytes(slab)), bytes);
  return bytes;
}

/** Of several files, all have the same format. */
function firstRaw(source: ReadableSpec): RawSource | undefined {
  if (source.type === 'raw') return source;
  if (source.type !== 'concat' && source.type !== 'stack') return undefined;
  const [first] = source.sources ?? [];
  return first && firstRaw(first);
}
