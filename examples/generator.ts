/**
 * Data from a generator: rows are written as they are made, and nobody knows how many will come.
 *
 *     npm run example generator [rows] [folder]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { convert, DataChunkIterator } from 'hyperslab';

const [rows = '10000', folder = 'examples/out'] = process.argv.slice(2);
const CHANNELS = 10;

// Step 1: the generator. Each item is one element along the first axis: here a row of ten channels,
// waves that lag behind each other. It could as well read from a device or another program.
function* waves(count: number): Generator<Float64Array> {
  const row = new Float64Array(CHANNELS);
  for (let sample = 0; sample < count; sample++) {
    for (let channel = 0; channel < CHANNELS; channel++)
      row[channel] = Math.sin((2 * Math.PI * sample) / 100 - channel / 2);
    // The same array each time: with a buffer, rows are copied as they come.
    yield row;
  }
}

// Step 2: wrapped in an iterator, which puts 1000 rows into each DataChunk.
const data = new DataChunkIterator(waves(Number(rows)), { bufferSize: 1000 });

// What was not declared is found in the first rows: an axis of unknown length, and one of ten.
console.log(
  `before: maxshape ${show(data.maxshape)}, begins with ${show(data.recommendedDataShape)}, ${data.dtype}`,
);

// Step 3: written as any other data would be.
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
