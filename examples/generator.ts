/**
 * Data from a generator: rows are written as they are produced, and their number is not known in advance.
 *
 *     npm run example generator [rows] [folder]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { convert, DataChunkIterator } from 'hyperslab';

const [rows = '10000', folder = 'examples/out'] = process.argv.slice(2);
const CHANNELS = 10;

// Step 1: the generator. Each item is one element along the first axis, here a row of ten channels with
// phase-shifted waves. A generator may as well read from a device or another program.
function* waves(count: number): Generator<Float64Array> {
  const row = new Float64Array(CHANNELS);
  for (let sample = 0; sample < count; sample++) {
    for (let channel = 0; channel < CHANNELS; channel++)
      row[channel] = Math.sin((2 * Math.PI * sample) / 100 - channel / 2);
    // Reusing the array is safe: with a buffer, each row is copied when it arrives.
    yield row;
  }
}

// Step 2: wrap the generator in an iterator that puts 1000 rows into each DataChunk.
const data = new DataChunkIterator(waves(Number(rows)), { bufferSize: 1000 });

// The iterator infers what was not declared from the first rows: one axis of unknown length, one of ten.
console.log(
  `before: maxshape ${show(data.maxshape)}, begins with ${show(data.recommendedDataShape)}, ${data.dtype}`,
);

// Step 3: write the iterator like any other data.
mkdirSync(folder, { recursive: true });
const report = await convert(
  {
    path: join(folder, 'generator.nwb'),
    nwbfile: {
      sessionDescription: 'iterative write: a generator',
      identifier: 'example-generator',
      sessionStartTime: '2017-04-03T11:00:00+02:00',
    },
    acquisition: [{ type: 'TimeSeries', name: 'waves', unit: 'n.a.', rate: 1000, data }],
  },
  { overwrite: true },
);

const [{ shape, maxshape, chunks }] = report.datasets;
console.log(`after: shape ${show(shape)}, maxshape ${show(maxshape)}, chunks ${show(chunks)}`);
console.log(`wrote ${report.path}: ${report.fileBytes} bytes`);

function show(lengths: readonly (number | null)[]): string {
  return `[${lengths.map(String).join(', ')}]`;
}
