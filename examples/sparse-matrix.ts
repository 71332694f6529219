/**
 * A sparse matrix that would take 8 TB if it were full. Only a few blocks are written; the rest takes no
 * space in the file and reads as the fill value.
 *
 *     npm run example sparse-matrix [blocks] [folder]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AbstractDataChunkIterator,
  convert,
  DataChunk,
  type DataIOOptions,
  dataIO,
  ndarray,
  slice,
} from 'hyperslab';

const [blocks = '1000', folder = 'examples/out'] = process.argv.slice(2);
const SHAPE = [1_000_000, 1_000_000];
const BLOCK = [10, 10];
const ITEMS = BLOCK[0] * BLOCK[1];

// Step 1: an iterator that declares type and shape of the matrix, and yields blocks with their positions, in
// any order.
class SparseMatrix implements AbstractDataChunkIterator {
  readonly dtype = 'float64';
  readonly maxshape = SHAPE;
  readonly recommendedDataShape = SHAPE;
  /** One chunk per block: nothing else is stored. */
  readonly recommendedChunkShape = BLOCK;

  *[Symbol.iterator](): Generator<DataChunk> {
    const random = uniform(20170403);
    for (let block = 0; block < Number(blocks); block++) {
      const data = ndarray(
        // Two draws per number: one draw would leave the lower bits of a float64 zero, which compresses well.
        Float64Array.from({ length: ITEMS }, () => random() + random() / 2 ** 32),
        BLOCK,
      );
      const [row, column] = SHAPE.map(
        (length, axis) => BLOCK[axis] * Math.floor((random() * length) / BLOCK[axis]),
      );
      const selection = [slice(row, row + BLOCK[0]), slice(column, column + BLOCK[1])];
      yield new DataChunk(data, selection);
    }
  }
}

/** Random numbers in [0, 1), the same in each run (mulberry32 by Tommy Ettinger, public domain). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Step 2: four ways to store the matrix. Without `chunks`, the iterator's recommendation is used. Shuffling,
// the default with gzip, helps if neighbours are similar; random numbers are not.
const gzip = { compression: 'gzip', compressionOpts: 4, shuffle: false } as const;
const variants: { title: string; file: string; options: DataIOOptions }[] = [
  { title: 'no compression', file: 'sparse', options: { compression: false } },
  { title: 'with gzip', file: 'sparse-gzip', options: gzip },
  {
    title: 'large chunks',
    file: 'sparse-large-chunks',
    options: { chunks: [100, 100], compression: false, fillvalue: Number.NaN },
  },
  {
    title: 'large chunks with gzip',
    file: 'sparse-large-chunks-gzip',
    options: { chunks: [100, 100], ...gzip, fillvalue: Number.NaN },
  },
];

// Step 3: write each variant from a new iterator.
const expected = SHAPE[0] * SHAPE[1] * 8;
const occupied = Number(blocks) * ITEMS * 8;
console.log('1) sparse matrix');
console.log(`   expected size: ${megabytes(expected)}`);
console.log(`   occupied size: ${megabytes(occupied)}`);

mkdirSync(folder, { recursive: true });
for (const [index, { title, file, options }] of variants.entries()) {
  const { fileBytes } = await convert(
    {
      path: join(folder, `${file}.nwb`),
      nwbfile: {
        sessionDescription: 'iterative write: a sparse matrix',
        identifier: `example-${file}`,
        sessionStartTime: '2017-04-03T11:00:00+02:00',
      },
      acquisition: [
        {
          type: 'TimeSeries',
          name: 'matrix',
          unit: 'n.a.',
          rate: 1,
          data: dataIO(new SparseMatrix(), options),
        },
      ],
    },
    { overwrite: true },
  );
  console.log(`${index + 2}) NWB file (${title})`);
  console.log(`   file size:     ${megabytes(fileBytes)}`);
  console.log(`   reduction:     ${(expected / fileBytes).toFixed(2)} x`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(5)} MB`;
}
