import { endianness } from 'node:os';
import { parse } from 'csv-parse/sync';
import { within } from '../../../hyperslab-error.js';
import { type DType, itemSize } from '../../../layout/dtype.js';
import { isEmpty, slabSize } from '../../../layout/hyperslab.js';
import { plural } from '../../../wording.js';
import { SourceError } from '../../errors.js';
import { openPositional, type PositionalFile, statFile } from '../../reading/positional-read.js';
import type { CsvSpec } from '../../spec.js';
import type { SourceFile, SourceReader } from '../../types.js';
import { cellMisfit, cellReader, itemsOver } from './cells.js';
import { csvColumns, delimiterOf } from './columns.js';
import { indexRows, type RowBlock, type RowIndex } from './row-index.js';

/** Holds the text of one block. All reads of a thread share it, because each block is converted before the next. */
let sharedText = new Uint8Array(0);

/**
 * Opens columns of numbers of a CSV file. Opening it reads the file once to find its rows; each read then parses the
 * blocks of rows that it needs, so that memory does not depend on the size of the file.
 *
 * @throws SourceError if the file is missing or has no rows, or a column does not exist
 */
export function openCsv(spec: CsvSpec): SourceReader {
  const { path, dtype = 'float64', header = true } = spec;
  const file = within('path', () => statFile(path));
  const opened = openPositional(path);
  try {
    const index = cachedIndex(opened, file, header);
    if (index.rows === 0)
      throw new SourceError({
        path,
        expected: header ? 'rows below the header' : 'rows',
        received: 'none',
      });
    const table: Table = { path, opened, delimiter: delimiterOf(spec) };
    const [head] = index.blocks;
    const first = header && index.header ? { ...head, ...index.header, line: 1 } : head;
    const [names] = parseBlock(table, first, 1);
    const columns = csvColumns(spec, names);
    const isList = spec.columns !== undefined || (spec.column === undefined && names.length > 1);
    const shape = isList ? [index.rows, columns.length] : [index.rows];
    const item = itemSize(dtype);
    return {
      info: { dtype, shape, storageOrder: [...shape.keys()], files: [file] },
      scratchBytes: (slab) => slabSize(slab) * item,
      read(slab, scratch) {
        if (isEmpty(slab)) return [];
        const [firstRow, firstColumn = 0] = slab.start;
        const [rows, width = 1] = slab.count;
        const size = rows * width * item;
        const isAligned = scratch.byteOffset % item === 0;
        const bytes = isAligned ? scratch.subarray(0, size) : new Uint8Array(size);
        const picked = columns.slice(firstColumn, firstColumn + width);
        const items = itemsOver(bytes, dtype);
        for (const block of index.blocks) {
          const from = Math.max(firstRow, block.row);
          const until = Math.min(firstRow + rows, block.row + block.rows);
          if (from >= until) continue;
          const records = parseBlock(table, block, until - block.row);
          const fail = (at: number, fields: Misfit) => refuseRow(table, block, at, fields);
          const cells = { dtype, picked, width: names.length, fail };
          convertRows(
            records,
            { from: from - block.row, until: until - block.row },
            cells,
            items,
            (from - firstRow) * width,
          );
        }
        const steps = shape.length === 1 ? [item] : [width * item, item];
        const swap = endianness() === 'BE';
        return [{ start: slab.start, count: slab.count, bytes, offset: 0, steps, swap }];
      },
      close: () => opened.close(),
    };
  } catch (error) {
    opened.close();
    throw error;
  }
}

interface Table {
  readonly path: string;
  readonly opened: PositionalFile;
  readonly delimiter: string;
}

interface Misfit {
  readonly expected: string;
  readonly received: string;
  readonly hint?: string;
  /** The column in words, if only one cell is wrong. */
  readonly column?: string;
}

/** Parses the first rows of a block. */
function parseBlock(table: Table, block: RowBlock, rows: number): readonly (readonly string[])[] {
  const text = readText(table, block);
  try {
    return parse(text, {
      ...optionsOf(table),
      to: rows,
    });
  } catch (cause) {
    const { path } = table;
    const { message, lines } = cause as Error & { lines?: number };
    const where =
      lines === undefined ? `in ${path}` : `in line ${block.line + lines - 1} of ${path}`;
    const received = `an error: ${message}`;
    throw new SourceError({ path, expected: 'CSV', where, received }, { cause });
  }
}

function readText({ opened }: Table, { position, bytes }: RowBlock): Buffer {
  if (sharedText.length < bytes) sharedText = new Uint8Array(bytes);
  opened.read(sharedText, 0, bytes, position);
  return Buffer.from(sharedText.buffer, 0, bytes);
}

function optionsOf({ delimiter }: Table) {
  return {
    delimiter,
    record_delimiter: ['\n', '\r\n'],
    // Rows are counted, so that none may be skipped.
    skip_empty_lines: false,
    relax_column_count: true,
    trim: delimiter !== ' ',
  };
}

/** The cells of a table that are wanted. */
interface Cells {
  readonly dtype: DType;
  readonly picked: readonly { readonly index: number; readonly name: string }[];
  /** Number of cells that every row has. */
  readonly width: number;
  /** Refuses a row, by its number in the block. */
  readonly fail: (row: number, misfit: Misfit) => never;
}

/** Converts rows of a block to `items`, from index `to` on. */
function convertRows(
  records: readonly (readonly string[])[],
  { from, until }: { readonly from: number; readonly until: number },
  { dtype, picked, width, fail }: Cells,
  items: ReturnType<typeof itemsOver>,
  to: number,
): void {
  const read = cellReader(dtype);
  let next = to;
  for (let row = from; row < until; row++) {
    // A damaged file may have fewer records than rows were counted.
    const cells = records[row] ?? [];
    if (cells.length !== width)
      fail(row, {
        expected: `${plural(width, 'cell')}, as in the first line,`,
        received: `${cells.length}`,
      });
    for (const { index, name } of picked) {
      const value = read(cells[index]);
      if (value === undefined) fail(row, { ...cellMisfit(cells[index], dtype), column: name });
      items[next++] = value as never;
    }
  }
}

/** @throws SourceError that names the line of a row, which is counted only now because cells may have line breaks */
function refuseRow(
  table: Table,
  block: RowBlock,
  row: number,
  { column, ...misfit }: Misfit,
): never {
  const { path } = table;
  const records = parse(readText(table, block), {
    ...optionsOf(table),
    to: row + 1,
    info: true,
  }) as unknown as {
    info: { lines: number };
  }[];
  const at = `in line ${block.line + (records[row]?.info.lines ?? row + 1) - 1} of ${path}`;
  const where = column === undefined ? at : `for column ${column} ${at}`;
  throw new SourceError({ path, where, ...misfit });
}

/** One file often has several datasets, such as data and timestamps. */
const MOST_INDEXES = 8;
const indexes = new Map<string, RowIndex>();

/** The index of a file, which is made once in each thread as long as the file does not change. */
function cachedIndex(opened: PositionalFile, file: SourceFile, header: boolean): RowIndex {
  const key = JSON.stringify({ ...file, header }, (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const index = indexes.get(key) ?? indexRows(opened, file, header);
  indexes.delete(key);
  indexes.set(key, index);
  for (const oldest of indexes.keys()) if (indexes.size > MOST_INDEXES) indexes.delete(oldest);
  return index;
}
