import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from './random.js';
import { product, type Row } from './row.js';
import { ROWS } from './rows.js';

/** A row that is in a file: raw chunks, one after the other, in the order of the grid. */
export interface RowFile extends Omit<Row, 'make'> {
  readonly path: string;
  /** Bytes of an item. */
  readonly itemSize: number;
  /** Bytes of a chunk, and how many there are. */
  readonly chunkBytes: number;
  readonly chunks: number;
}

interface Index {
  readonly version: number;
  readonly rows: readonly RowFile[];
}

/** To be raised with any change of the rows, so that files of before are not taken for them. */
const VERSION = 2;

/** The rows as files in a folder, with `index.json`: made once. */
export function catalogue(folder: string): readonly RowFile[] {
  const path = join(folder, 'index.json');
  if (existsSync(path)) {
    const { version, rows } = JSON.parse(readFileSync(path, 'utf8')) as Index;
    if (version === VERSION) return rows;
  }
  mkdirSync(folder, { recursive: true });
  const rows = ROWS.map((row) => {
    console.error(`making ${row.name}`);
    return write(folder, row);
  });
  // The index comes last, under its name at once: where it is, the files are whole.
  const partial = `${path}.partial`;
  writeFileSync(
    partial,
    `${JSON.stringify({ version: VERSION, rows } satisfies Index, null, 2)}\n`,
  );
  renameSync(partial, path);
  return rows;
}

function write(folder: string, { make, ...row }: Row): RowFile {
  const path = join(folder, `${row.name}.bin`);
  const items = make(new Random(row.name));
  const size = product(row.shape);
  if (items.length !== size)
    throw new Error(`Expected ${size} items for ${row.name} but received ${items.length}`);
  writeFileSync(path, chunked(items, row));
  const itemSize = items.BYTES_PER_ELEMENT;
  const perChunk = product(row.chunk);
  return { ...row, path, itemSize, chunkBytes: perChunk * itemSize, chunks: size / perChunk };
}

/** Chunks that are narrower than the data come side by side; all others are in the order of the data. */
function chunked(
  items: NodeJS.TypedArray,
  { shape, chunk }: Pick<Row, 'shape' | 'chunk'>,
): Uint8Array {
  const itemSize = items.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(items.buffer, items.byteOffset, items.byteLength);
  const [rows, columns] = shape;
  const [height, width] = chunk;
  if (shape.length !== 2 || width === columns) return bytes;
  const out = new Uint8Array(bytes.length);
  let at = 0;
  for (let top = 0; top < rows; top += height)
    for (let left = 0; left < columns; left += width)
      for (let row = top; row < top + height; row++) {
        const begin = (row * columns + left) * itemSize;
        out.set(bytes.subarray(begin, begin + width * itemSize), at);
        at += width * itemSize;
      }
  return out;
}
