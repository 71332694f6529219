import { SourceError } from '../../errors.js';
import type { PositionalFile } from '../../reading/positional-read.js';
import type { SourceFile } from '../../types.js';

/** Consecutive rows, which are read and parsed together. */
export interface RowBlock {
  /** Where the block begins in the file, and its length, in bytes. */
  readonly position: number;
  readonly bytes: number;
  /** Number of its first row, counted from 0 below the header. */
  readonly row: number;
  readonly rows: number;
  /** Number of its first line in the file, counted from 1. */
  readonly line: number;
}

/** Where the rows of a CSV file lie. */
export interface RowIndex {
  /** Position and length of the header line; undefined without one. */
  readonly header: Pick<RowBlock, 'position' | 'bytes'> | undefined;
  readonly blocks: readonly RowBlock[];
  /** Without empty lines at the end of the file. */
  readonly rows: number;
}

/** Bytes after which a block ends with the next row: parsed, it takes about ten times as much memory. */
const BLOCK = 256 * 1024;
/** A longer row is most likely a quote that is not closed. */
const MAX_ROW = 16 * 1024 * 1024;
/** Bytes that are read at a time. */
const WINDOW = 1024 * 1024;

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const SPACE = 0x20;

/**
 * Finds the rows of a CSV file in one pass over its bytes. A line break in quotes is part of its cell; doubled quotes
 * end a quotation and begin another, which makes no difference here.
 *
 * @throws SourceError for a quote that is not closed, or a file in UTF-16
 */
export function indexRows(
  opened: PositionalFile,
  { path, size }: SourceFile,
  hasHeader: boolean,
): RowIndex {
  const starts: Omit<RowBlock, 'bytes' | 'rows'>[] = [];
  const window = new Uint8Array(Math.min(WINDOW, size));
  let header: RowIndex['header'];
  let blockStart = 0;
  let rowStart = 0;
  let line = 1;
  let row = hasHeader ? -1 : 0;
  /** The last row that is not empty. */
  let lastRow = -1;
  let isQuoted = false;
  let quoteLine = 0;
  for (let position = 0; position < size; position += window.length) {
    const length = Math.min(window.length, size - position);
    opened.read(window, 0, length, position);
    if (position === 0) {
      rowStart = blockStart = sizeOfMark(window, path);
      if (!hasHeader) starts.push({ position: rowStart, row, line });
    }
    for (let at = position === 0 ? rowStart : 0; at < length; at++) {
      const byte = window[at];
      if (byte > SPACE) lastRow = row;
      if (byte === QUOTE) {
        isQuoted = !isQuoted;
        quoteLine = line;
      }
      if (byte !== NEWLINE) continue;
      line++;
      if (isQuoted) continue;
      const end = position + at + 1;
      row++;
      if (hasHeader && header === undefined) header = { position: rowStart, bytes: end - rowStart };
      const isFirst = starts.length === 0;
      if (isFirst || end - blockStart >= BLOCK) {
        starts.push({ position: end, row, line });
        blockStart = end;
      }
      rowStart = end;
    }
    if (position + length - rowStart > MAX_ROW) refuseQuote(path, isQuoted ? quoteLine : line);
  }
  if (isQuoted) refuseQuote(path, quoteLine);
  if (hasHeader && header === undefined) header = { position: rowStart, bytes: size - rowStart };
  const rows = lastRow + 1;
  const blocks = starts
    .filter((start) => start.row < rows)
    .map((start, at, all): RowBlock => {
      const next = all[at + 1] ?? { position: size, row: rows };
      return { ...start, bytes: next.position - start.position, rows: next.row - start.row };
    });
  return { header, blocks, rows };
}

function refuseQuote(path: string, line: number): never {
  throw new SourceError({
    path,
    expected: 'rows of at most 16 MiB',
    where: `in line ${line} of ${path}`,
    received: 'a longer one, or a quote that is not closed',
  });
}

/** The length of the byte order mark of UTF-8, if the file has one. @throws SourceError for UTF-16 */
function sizeOfMark([first, second, third]: Uint8Array, path: string): number {
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16)
    throw new SourceError({
      path,
      expected: 'a CSV file in UTF-8',
      received: 'a file in UTF-16 (export it in UTF-8)',
    });
  return first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
}
