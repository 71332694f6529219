/**
 * A custom write: creates a file with an empty dataset, then resizes the dataset and writes into it in
 * any order.
 *
 *     npm run example custom-write [folder] [file]
 *
 * If `file` names a file with such a dataset, made by PyNWB for example, the example writes into that file.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { convert, dataIO, ndarray, open, slice } from 'hyperslab';

const [folder = 'examples/out', given] = process.argv.slice(2);
const path = given ?? (await makeFile());

// Step 1: create a dataset without rows that can grow without limit. Nothing is stored yet.
async function makeFile(): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const data = dataIO(ndarray(new Float64Array(0), [0, 10]), {
    maxshape: [null, 10],
    chunks: [131_072, 2],
    compression: 'gzip',
    compressionOpts: 4,
    shuffle: true,
    // Elements that are never written read as NaN.
    fillvalue: Number.NaN,
  });
  const report = await convert(
    {
      path: join(folder, 'custom-write.nwb'),
      nwbfile: {
        sessionDescription: 'iterative write: a custom write',
        identifier: 'example-custom-write',
        sessionStartTime: '2017-04-03T11:00:00+02:00',
      },
      acquisition: [{ type: 'TimeSeries', name: 'counts', unit: 'n.a.', rate: 1, data }],
    },
    { overwrite: true },
  );
  return report.path;
}

// Step 2: open the file for writing, and look the dataset up by its path.
const file = await open(path, 'a');
const counts = file.dataset('/acquisition/counts/data');
console.log(`before: shape ${show(counts.shape)}, maxshape ${show(counts.maxshape)}`);

// Resize first, because a selection must lie within the shape. Then write ones into rows 0 to 2 and twos
// into rows 3 to 5; a single number is repeated. Rows 6 and 7 keep the fill value.
await counts.resize([8, 10]);
await counts.write(slice(0, 3), 1);
await counts.write(slice(3, 6), 2);
await file.close();

// Step 3: read the dataset back.
const again = await open(path, 'r');
const { shape, data } = await again.dataset('/acquisition/counts/data').read();
console.log(`after: shape ${show(shape)}`);
for (let row = 0; row < shape[0]; row++)
  console.log(`  ${data.slice(row * shape[1], (row + 1) * shape[1]).join(' ')}`);
await again.close();
console.log(`wrote ${path}`);

function show(lengths: readonly (number | null)[]): string {
  return `[${lengths.map(String).join(', ')}]`;
}
