import { join } from 'node:path';
import { catalogue, type RowFile } from './catalogue/files.js';
import { ROWS } from './catalogue/rows.js';
import { type H5pyResult, h5py } from './h5py.js';
import { judge } from './judge.js';
import { buildTrial, type Measured, runTrial } from './program.js';
import { TABLE_HEAD, tableLines } from './table.js';

export interface DeflateOptions {
  readonly folder: string;
  readonly runs: number;
  /** Names of rows; all of them, when empty. */
  readonly rows: readonly string[];
  readonly levels: readonly number[];
  /** Instruction set of ours that is timed; the fastest that there is, when undefined. */
  readonly path: string | undefined;
  /** Level 4 on a part of each row: a minute instead of ten. */
  readonly quick: boolean;
}

export interface DeflateResult {
  readonly runs: number;
  readonly levels: readonly number[];
  readonly quick: boolean;
  readonly rows: readonly RowResult[];
  /** Where ours misses what it is to reach. */
  readonly failures: readonly string[];
}

interface RowResult extends Measured {
  readonly name: string;
  readonly group: RowFile['group'];
}

const QUICK = { levels: [4], mostBytes: 4 * 2 ** 20 };

/** The deflate encoder against zlib and libdeflate on one thread, over many kinds of data. */
export async function deflate(options: DeflateOptions): Promise<DeflateResult> {
  const { folder, runs, path, quick } = options;
  const rows = chosenRows(folder, options);
  const program = await buildTrial();
  const { levels, mostBytes } = quick ? QUICK : { levels: options.levels, mostBytes: undefined };
  const results: RowResult[] = [];
  console.error(TABLE_HEAD);
  for (const row of rows) {
    const measured = await runTrial(program, row, { levels, runs, path, mostBytes });
    console.error(tableLines(row.name, measured));
    results.push({ name: row.name, group: row.group, ...measured });
  }
  const failures = results.flatMap((result) => judge(result.name, result.group, result));
  console.error(['', ...failures, `${failures.length} failures`].join('\n'));
  return { runs, levels, quick, rows: results, failures };
}

/** Each row as hyperslab writes it, read by h5py. */
export function readByH5py(
  options: Pick<DeflateOptions, 'folder' | 'rows' | 'levels'> & { workers: number; python: string },
): Promise<H5pyResult> {
  return h5py({ ...options, rows: chosenRows(options.folder, options) });
}

/** @throws Error for a name that no row has, and for an unknown level, before any row is made */
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
