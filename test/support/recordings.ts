import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { File, type TypedArray, typedArray, type Value } from '../../src/hdf5/index.js';
import type { Description, SourceSpec } from '../../src/index.js';
import { type DType, itemSize, product, ravelIndex } from '../../src/layout/index.js';
import { coordinates } from '../sources/helpers.js';

type Series = NonNullable<Description['acquisition']>[number];
type TimeSeries = Extract<Series, { type: 'TimeSeries' }>;

/** Makes a folder, which is removed when the test has ended. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hyperslab-coordinator-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function listing(folder: string): string[] {
  return readdirSync(folder).sort();
}

/** The error with which a promise rejects. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('Expected a rejection but received a result');
}

/** A minimal description with these series. */
export function description(
  path: string,
  acquisition: readonly Series[],
  fields: Partial<Description> = {},
): Description {
  return {
    path,
    nwbfile: {
      sessionDescription: 'a small recording',
      identifier: 'm1',
      sessionStartTime: '2022-11-22T10:00:00+01:00',
    },
    acquisition: [...acquisition],
    ...fields,
  };
}

export function timeSeries(
  name: string,
  data: TimeSeries['data'],
  fields: Partial<TimeSeries> = {},
): TimeSeries {
  const time = fields.timestamps === undefined ? { rate: 1000 } : {};
  return { type: 'TimeSeries', name, unit: 'volts', data, ...time, ...fields };
}

/** Numbers of a type in C order, with their shape. */
export interface Model {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly items: TypedArray;
}

/** Slow waves: neighbouring items differ, but the data are compressible. */
export function waves(shape: readonly number[], dtype: DType = 'int16'): Model {
  const items = zeros(dtype, product(shape));
  for (let i = 0; i < items.length; i++) {
    const value = Math.round(50 * Math.sin(i / 40)) + (i % 7) + 57;
    items[i] =
      items instanceof BigInt64Array || items instanceof BigUint64Array ? BigInt(value) : value;
  }
  return { dtype, shape, items };
}

/** Noise in all bits, which can't be compressed. It is the same each time. */
export function noise(shape: readonly number[], dtype: DType = 'int16'): Model {
  const items = zeros(dtype, product(shape));
  const bytes = new Uint8Array(items.buffer);
  let state = 0x2545f491;
  for (let at = 0; at < bytes.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return { dtype, shape, items };
}

export function zeros(dtype: DType, length: number): TypedArray {
  return typedArray(dtype, new Uint8Array(length * itemSize(dtype)));
}

export interface Stored {
  readonly order?: 'C' | 'F';
  readonly endian?: 'little' | 'big';
}

/** Writes a model into a raw file, and returns the source that reads it. */
export function writeRaw(
  folder: string,
  name: string,
  { dtype, shape, items }: Model,
  { order = 'C', endian = 'little' }: Stored = {},
): Extract<SourceSpec, { type: 'raw' }> {
  const path = join(folder, name);
  const size = itemSize(dtype);
  const bytes = Buffer.from(new Uint8Array(items.buffer, items.byteOffset, items.byteLength));
  const stored = order === 'C' ? bytes : Buffer.alloc(bytes.length);
  if (order === 'F')
    [...coordinates(shape)].forEach((at, index) => {
      const to = ravelIndex(at.toReversed(), shape.toReversed());
      bytes.copy(stored, to * size, index * size, (index + 1) * size);
    });
  if (endian === 'big')
    for (let at = 0; at < stored.length; at += size) stored.subarray(at, at + size).reverse();
  writeFileSync(path, stored);
  return { type: 'raw', path, dtype, shape: [...shape], order, endian };
}

/** Writes an ES module, and returns the source that runs it. */
export function writeModule(
  folder: string,
  name: string,
  text: string,
  options?: unknown,
): Extract<SourceSpec, { type: 'module' }> {
  const path = join(folder, name);
  writeFileSync(path, text);
  return { type: 'module', path, ...(options !== undefined && { options }) };
}

/**
 * The text of a source module of int16.
 *
 * @param before code that runs at the beginning of each read
 * @param value expression for an item, whose flat index is `i`
 */
export function moduleText(shape: readonly number[], before = '', value = 'i % 1000'): string {
  return `
    import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
    import { isMainThread } from 'node:worker_threads';
    const shape = ${JSON.stringify(shape)};
    const rows = shape.slice(1).reduce((size, n) => size * n, 1);
    export function open(options) {
      return {
        dtype: 'int16',
        shape,
        async read(start, count) {
          ${before}
          // Reads whole rows only.
          const first = start[0] * rows;
          return Int16Array.from({ length: count[0] * rows }, (_, k) => {
            const i = first + k;
            return ${value};
          });
        },
      };
    }`;
}

/** Reads all values of a dataset through libhdf5. */
export function readBack(path: string, dataset: string): Value {
  using file = new File(path, 'r');
  using object = file.dataset(dataset);
  return object.read();
}

/** The bytes of a model or value, for comparisons that distinguish all NaN values, and -0 from 0. */
export function bytesOf({ data }: Pick<Value, 'data'>): Buffer {
  const items = data as TypedArray;
  return Buffer.from(items.buffer, items.byteOffset, items.byteLength);
}
