import { join } from 'node:path';
import { catalogue, type RowFile } from './catalogue/files.js';
import { ROWS } from './catalogue/rows.js';
import { type H5pyResult, h5py } from './h5py.js';
import { judge } from './judge.js';
import { buildProgram, type Measured, measureRow } from './program.js';
import { TABLE_HEAD, tableLines } from './table.js';

export interface DeflateOptions {
  readonly folder: string;
  readonly runs: number;
  /** Names of rows; all rows if empty. */
  readonly rows: readonly string[];
  readonly levels: readonly number[];
  /** Instruction set that our encoder uses; if undefined, the fastest that the machine has. */
  readonly path: string | undefined;
  /** Measure only level 4 on a part of each row, in one minute instead of ten. */
  readonly quick: boolean;
}

export interface DeflateResult {
  readonly runs: number;
  readonly levels: readonly number[];
  readonly quick: boolean;
  readonly rows: readonly RowResult[];
  /** Bounds that our encoder misses, one line each. */
  readonly failures: readonly string[];
}

interface RowResult extends Measured {
  readonly name: string;
  readonly group: RowFile['group'];
}

const QUICK = { levels: [4], maxBytes: 4 * 2 ** 20 };

/** Compares the deflate encoder with zlib and libdeflate, on one thread and many kinds of data. */
export async function deflate(options: DeflateOptions): Promise<DeflateResult> {
  const { folder, runs, path, quick } = options;
  const rows = chosenRows(folder, options);
  const program = await buildProgram();
  const { levels, maxBytes } = quick ? QUICK : { levels: options.levels, maxBytes: undefined };
  const results: RowResult[] = [];
  console.error(TABLE_HEAD);
  for (const row of rows) {
    const measured = await measureRow(program, row, { levels, runs, path, maxBytes });
    console.error(tableLines(row.name, measured));
    results.push({ name: row.name, group: row.group, ...measured });
  }
  const failures = results.flatMap((result) => judge(result.name, result.group, result));
  console.error(['', ...failures, `${failures.length} failures`].join('\n'));
  return { runs, levels, quick, rows: results, failures };
}

/** Checks that h5py reads each row as hyperslab writes it. */
export function readByH5py(
  options: Pick<DeflateOptions, 'folder' | 'rows' | 'levels'> & { workers: number; python: string },
): Promise<H5pyResult> {
  return h5py({ ...options, rows: chosenRows(options.folder, options) });
}

/** @throws Error if no row has a given name, or a level is unknown; no row was made then */
function chosenRows(
  folder: string,
  { rows: names, levels }: Pick<DeflateOptions, 'rows' | 'levels'>,
): readonly RowFile[] {
  const known = ROWS.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`Expected some of ${known.join(', ')} for rows but received ${unknown}`);
  for (const level of levels)
    if (!Number.isInteger(level) || level < 1 || level > 9)
      throw new Error(`Expected levels from 1 to 9 but received ${level}`);
  const all = catalogue(join(folder, 'deflate'));
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}
