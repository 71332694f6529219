import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from './random.js';
import { product, type Row } from './row.js';
import { ROWS } from './rows.js';

/** A row whose data are in a file: raw chunks, one after the other, in the order of the chunk grid. */
export interface RowFile extends Omit<Row, 'make'> {
  readonly path: string;
  /** Bytes of an item. */
  readonly itemSize: number;
  readonly chunkBytes: number;
  /** Number of chunks. */
  readonly chunks: number;
}

interface Index {
  readonly version: number;
  readonly rows: readonly RowFile[];
}

/** To be raised with every change of the rows, so that files of earlier versions are made again. */
const VERSION = 2;

/** Returns all rows as files in a folder. They are made at the first call, and listed in `index.json`. */
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
  // The index is written last, and renamed when it is complete: if it exists, all files are complete.
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

/** Rearranges items from C order of the data to one chunk after the other. */
function chunked(
  items: NodeJS.TypedArray,
  { shape, chunk }: Pick<Row, 'shape' | 'chunk'>,
): Uint8Array {
  const itemSize = items.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(items.buffer, items.byteOffset, items.byteLength);
  const [rows, columns] = shape;
  const [height, width] = chunk;
  // Chunks of whole rows or frames are in this order already.
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
