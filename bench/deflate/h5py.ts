import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fill, open } from 'hyperslab';
import { runProcess } from '../process.js';
import type { RowFile } from './catalogue/files.js';

export interface H5pyOptions {
  readonly folder: string;
  readonly rows: readonly RowFile[];
  readonly levels: readonly number[];
  readonly workers: number;
  /** Path of a Python interpreter that has h5py. */
  readonly python: string;
}

export interface H5pyResult {
  readonly rows: readonly Found[];
  /** One line for each row of the catalogue that h5py read back differently. */
  readonly failures: readonly string[];
}

/** What h5py read from a file. */
interface Found {
  readonly name: string;
  readonly level: number;
  readonly equal: boolean;
  readonly storedBytes: number;
  readonly compression: string | null;
  readonly compressionOpts: number | null;
  readonly shuffle: boolean;
  readonly chunks: readonly number[];
}

const DATASET = '/data';

/** Writes each row into an HDF5 file with gzip and shuffle, and lets h5py read it. */
export async function h5py(options: H5pyOptions): Promise<H5pyResult> {
  const { folder, rows, levels, workers, python } = options;
  const path = join(folder, 'row.h5');
  const found: Found[] = [];
  const failures: string[] = [];
  for (const row of rows)
    for (const level of levels) {
      rmSync(path, { force: true });
      await write(path, row, level, workers);
      const one = { name: row.name, level, ...(await read(path, row, python)) };
      rmSync(path);
      const good = isAsWritten(one, row);
      console.error(`${row.name}, gzip ${level}: ${good ? 'equal' : 'DIFFERENT'}`);
      if (!good)
        failures.push(`${row.name}: Expected what was written but received ${JSON.stringify(one)}`);
      found.push(one);
    }
  return { rows: found, failures };
}

/** Writes the chunks of a row as one tall dataset, because they follow each other in the row's file. */
async function write(path: string, row: RowFile, level: number, workers: number): Promise<void> {
  const { dtype, chunk, chunks } = row;
  const shape = [chunks * chunk[0], ...chunk.slice(1)];
  const file = await open(path, 'a', { workers });
  try {
    const storage = { compression: 'gzip', compressionOpts: level, shuffle: true } as const;
    file.createDataset(DATASET, { dtype, shape, chunks: [...chunk], ...storage });
  } finally {
    await file.close();
  }
  await fill(path, { [DATASET]: { type: 'raw', path: row.path, dtype, shape } }, { workers });
}

async function read(path: string, row: RowFile, python: string) {
  const program = fileURLToPath(new URL('../../../bench/deflate/h5py_rows.py', import.meta.url));
  const options = { file: path, dataset: DATASET, source: row.path, dtype: row.dtype };
  const output = await runProcess(python, [program, JSON.stringify(options)]);
  return JSON.parse(output) as Omit<Found, 'name' | 'level'>;
}

function isAsWritten(found: Found, { chunk }: RowFile): boolean {
  return (
    found.equal &&
    found.compression === 'gzip' &&
    found.compressionOpts === found.level &&
    found.shuffle &&
    found.chunks.join() === chunk.join()
  );
}
