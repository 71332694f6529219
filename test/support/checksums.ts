import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import {
  checksumPathsOf,
  dropChecksums,
  openChecksums,
  writeChecksums,
} from '../../src/checksums/checksums.js';
import type { ChecksumRows, ChecksumsOf } from '../../src/checksums/stored-checksums.js';
import { checksum, File } from '../../src/hdf5/index.js';
import { cells, clippedCount } from '../../src/layout/index.js';

/** The checksums of a dataset; undefined if it has none. */
export function readChecksums(file: File, path: string): (ChecksumsOf & ChecksumRows) | undefined {
  using stored = openChecksums(file, path);
  if (!stored) return undefined;
  const { chunk, extent } = stored;
  const rows = [...stored.rows()];
  const numbers = Float64Array.from(rows.flatMap((some) => [...some.numbers]));
  const checksums = BigUint64Array.from(rows.flatMap((some) => [...some.checksums]));
  return { path, chunk, extent, numbers, checksums };
}

/** Writes checksums of the stored chunks of datasets into the file, unless it has them already. */
export function keepChecksums(path: string, ...names: readonly string[]): void {
  using file = new File(path, 'r+');
  for (const name of names) {
    if (readChecksums(file, name)) continue;
    using dataset = file.dataset(name);
    const { shape: extent, chunks } = dataset;
    const chunk = chunks as readonly number[];
    const numbers: number[] = [];
    const sums: bigint[] = [];
    let number = 0;
    for (const { start } of cells({ extent, cell: chunk })) {
      const stored = dataset.readChunk(start);
      if (stored) {
        numbers.push(number);
        sums.push(checksum(stored.bytes));
      }
      number++;
    }
    const of = { path: name, chunk, extent };
    writeChecksums(file, of, Float64Array.from(numbers), BigUint64Array.from(sums));
  }
}

/** Removes the checksums of a dataset from the file. */
export function forgetChecksums(path: string, name: string): void {
  using file = new File(path, 'r+');
  using dataset = file.dataset(name);
  dropChecksums(file, checksumPathsOf(file, dataset));
}

/** Where the chunk of a dataset that begins at `start` lies in the file. */
export function placeOf(
  path: string,
  name: string,
  start: readonly number[],
): { address: number; size: number; filterMask: number } {
  using file = new File(path, 'r');
  using dataset = file.dataset(name);
  const count = clippedCount(start, dataset.chunks as readonly number[], dataset.shape);
  const [address, size, filterMask] = dataset.locate(start, count);
  return { address, size, filterMask };
}

/** Changes bytes of a file in place. */
export function patch(
  path: string,
  address: number,
  size: number,
  change: (bytes: Buffer) => Uint8Array,
): void {
  const file = openSync(path, 'r+');
  try {
    const bytes = Buffer.alloc(size);
    readSync(file, bytes, 0, size, address);
    writeSync(file, change(bytes), 0, size, address);
  } finally {
    closeSync(file);
  }
}

/** Flips one bit of the middle byte of a stored chunk. */
export function damage(path: string, name: string, start: readonly number[]): void {
  const { address, size } = placeOf(path, name, start);
  patch(path, address + Math.floor(size / 2), 1, (bytes) => Uint8Array.of(bytes[0] ^ 4));
}
