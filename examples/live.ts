/**
 * Data that a program pushes: an acquisition appends each block as it arrives, and flushes once a second.
 * Flushed data survive a crash of the program: `hyperslab recover` makes a file of them.
 *
 *     npm run example live [seconds] [folder]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { convert, DataWriter, dataIO } from 'hyperslab';

const [seconds = '3', folder = 'examples/out'] = process.argv.slice(2);
const CHANNELS = 64;
const RATE = 30_000;
const BLOCKS_PER_SECOND = 50;

// Step 1: the device, which reuses one buffer for all blocks.
async function* amplifier(): AsyncGenerator<Int16Array> {
  const samples = RATE / BLOCKS_PER_SECOND;
  const buffer = new Int16Array(samples * CHANNELS);
  for (let block = 0; block < Math.round(Number(seconds) * BLOCKS_PER_SECOND); block++) {
    await setTimeout(1000 / BLOCKS_PER_SECOND);
    for (let item = 0; item < buffer.length; item++)
      buffer[item] = signal(block * buffer.length + item);
    yield buffer;
  }
}

/** A sawtooth, delayed on each channel. */
function signal(item: number): number {
  const sample = Math.floor(item / CHANNELS);
  const channel = item % CHANNELS;
  return ((sample + 10 * channel) % 400) - 200;
}

// Step 2: the writer that takes the data; null marks the axis that grows.
const data = new DataWriter({ dtype: 'int16', maxshape: [null, CHANNELS] });

// Step 3: the acquisition. When an append has resolved, the buffer may be reused. A flush stores chunks
// that are not full, and these must be stored again later, so once a second is often enough.
async function acquire(): Promise<void> {
  let blocks = 0;
  for await (const block of amplifier()) {
    await data.append(block);
    if (++blocks % BLOCKS_PER_SECOND > 0) continue;
    await data.flush();
    console.log(`${(blocks / BLOCKS_PER_SECOND) * RATE} samples are safe`);
  }
}

// Step 4: run both at the same time. The conversion waits until `end` is called; with an error, it fails
// with that error.
void acquire().then(
  () => data.end(),
  (error) => data.end(error),
);
mkdirSync(folder, { recursive: true });
const report = await convert(
  {
    path: join(folder, 'live.nwb'),
    nwbfile: {
      sessionDescription: 'data that are pushed',
      identifier: 'example-live',
      sessionStartTime: '2017-04-03T11:00:00+02:00',
    },
    acquisition: [
      {
        type: 'TimeSeries',
        name: 'sawtooth',
        unit: 'volts',
        rate: RATE,
        conversion: 1e-6,
        data: dataIO(data, { chunks: [20_000, CHANNELS] }),
      },
    ],
  },
  { overwrite: true },
);

const [{ shape, chunksRewritten }] = report.datasets;
console.log(
  `wrote ${report.path}: ${shape[0]} samples of ${shape[1]} channels, chunks rewritten: ${chunksRewritten}`,
);
