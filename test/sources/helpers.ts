import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DType, itemSize } from '../../src/layout/dtype.js';
import { type Hyperslab, product, ravelIndex } from '../../src/layout/hyperslab.js';
import { openSource, type Piece, type SourceReader } from '../../src/sources/index.js';
import type { SourceSpec } from '../../src/sources/spec.js';

export type Item = number | bigint;

/** Runs a function with a temporary folder, and removes it afterwards. */
export async function withFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperslab-sources-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function withSource<T>(
  spec: SourceSpec,
  run: (source: SourceReader) => Promise<T> | T,
): Promise<T> {
  const source = await openSource(spec);
  try {
    return await run(source);
  } finally {
    await source.close();
  }
}

/** The message of the error that refuses a source. */
export async function refusal(spec: SourceSpec): Promise<string> {
  try {
    await (await openSource(spec)).close();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

/** All coordinates of a shape, in C order. */
export function* coordinates(shape: readonly number[]): Generator<number[]> {
  const size = product(shape);
  for (let index = 0; index < size; index++) {
    const at: number[] = [];
    let rest = index;
    for (const length of shape.toReversed()) {
      at.unshift(rest % length);
      rest = Math.floor(rest / length);
    }
    yield at;
  }
}

/** Assembles the pieces of a read to the items of the slab in C order; fails unless the pieces tile it. */
export function gather(pieces: readonly Piece[], slab: Hyperslab, dtype: DType): Item[] {
  const items = new Array<Item>(product(slab.count));
  let filled = 0;
  for (const piece of pieces) {
    const view = new DataView(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength);
    for (const at of coordinates(piece.count)) {
      const steps = piece.steps.map((step, axis) =>
        typeof step === 'number' ? step * at[axis] : step[at[axis]],
      );
      const byte = steps.reduce((sum, step) => sum + step, piece.offset);
      const target = at.map((i, axis) => piece.start[axis] + i - slab.start[axis]);
      if (target.some((i, axis) => i < 0 || i >= slab.count[axis])) {
        throw new Error(`A piece reaches outside the slab, to ${target}`);
      }
      items[ravelIndex(target, slab.count)] = getItem(view, byte, dtype, !piece.swap);
      filled++;
    }
  }
  if (filled !== items.length) throw new Error(`${filled} of ${items.length} items filled`);
  return items;
}

/** Reads a slab with exactly as much scratch memory as the source asks for. */
export async function readSlab(source: SourceReader, slab: Hyperslab): Promise<Item[]> {
  const scratch = new Uint8Array(source.scratchBytes(slab)).fill(0xaa);
  return gather(await source.read(slab, scratch), slab, source.info.dtype);
}

export async function readAll(spec: SourceSpec): Promise<Item[]> {
  return withSource(spec, (source) => {
    const { shape } = source.info;
    return readSlab(source, { start: shape.map(() => 0), count: shape });
  });
}

/** Converts items to the bytes of a file. */
export function toBytes(items: readonly Item[], dtype: DType, littleEndian = true): Uint8Array {
  const size = itemSize(dtype);
  const bytes = new Uint8Array(items.length * size);
  const view = new DataView(bytes.buffer);
  for (const [i, item] of items.entries()) {
    const at = i * size;
    if (dtype === 'int64') view.setBigInt64(at, BigInt(item), littleEndian);
    else if (dtype === 'uint64') view.setBigUint64(at, BigInt(item), littleEndian);
    else view[SETTERS[dtype]](at, Number(item), littleEndian);
  }
  return bytes;
}

function getItem(view: DataView, at: number, dtype: DType, littleEndian: boolean): Item {
  if (dtype === 'int64') return view.getBigInt64(at, littleEndian);
  if (dtype === 'uint64') return view.getBigUint64(at, littleEndian);
  return view[GETTERS[dtype]](at, littleEndian);
}

const GETTERS = {
  int8: 'getInt8',
  uint8: 'getUint8',
  int16: 'getInt16',
  uint16: 'getUint16',
  int32: 'getInt32',
  uint32: 'getUint32',
  float32: 'getFloat32',
  float64: 'getFloat64',
} as const;

const SETTERS = {
  int8: 'setInt8',
  uint8: 'setUint8',
  int16: 'setInt16',
  uint16: 'setUint16',
  int32: 'setInt32',
  uint32: 'setUint32',
  float32: 'setFloat32',
  float64: 'setFloat64',
} as const;
