/**
 * Data from a stream: an acquisition system sends packets of bytes until it is stopped. Packets are
 * compressed and written while the next ones arrive.
 *
 *     npm run example stream [seconds] [folder]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { convert, DataChunkIterator, dataIO } from 'hyperslab';

const [seconds = '2', folder = 'examples/out'] = process.argv.slice(2);
const CHANNELS = 64;
const RATE = 30_000;

// Step 1: the stream, little-endian int16 with interleaved channels. As with a socket, a packet may end
// anywhere, even in the middle of a number.
async function* packets(): AsyncGenerator<Buffer> {
  const PACKETS_PER_SECOND = 50;
  const items = (RATE / PACKETS_PER_SECOND) * CHANNELS;
  let rest = Buffer.alloc(0);
  for (let packet = 0; packet < Number(seconds) * PACKETS_PER_SECOND; packet++) {
    await setTimeout(1000 / PACKETS_PER_SECOND);
    const fresh = Buffer.alloc(items * 2);
    for (let item = 0; item < items; item++)
      fresh.writeInt16LE(signal(packet * items + item), item * 2);
    const bytes = Buffer.concat([rest, fresh]);
    const cut = bytes.length - (packet % 7);
    rest = bytes.subarray(cut);
    yield bytes.subarray(0, cut);
  }
  yield rest;
}

/** A sawtooth, delayed on each channel. */
function signal(item: number): number {
  const sample = Math.floor(item / CHANNELS);
  const channel = item % CHANNELS;
  return ((sample + 10 * channel) % 400) - 200;
}

// Step 2: wrap the stream in an iterator. Bytes carry no type or shape, so both are declared; null marks the
// axis that grows.
const data = new DataChunkIterator(Readable.from(packets()), {
  yields: 'bytes',
  dtype: 'int16',
  maxshape: [null, CHANNELS],
});

// Step 3: write the stream. If its length is unknown, choose the chunk shape yourself: here half a second of
// all channels. A chunk is compressed and written as soon as it is full.
mkdirSync(folder, { recursive: true });
let written = 0;
const report = await convert(
  {
    path: join(folder, 'stream.nwb'),
    nwbfile: {
      sessionDescription: 'iterative write: a stream',
      identifier: 'example-stream',
      sessionStartTime: '2017-04-03T11:00:00+02:00',
    },
    acquisition: [
      {
        type: 'TimeSeries',
        name: 'sawtooth',
        unit: 'volts',
        rate: RATE,
        conversion: 1e-6,
        data: dataIO(data, { chunks: [RATE / 2, CHANNELS] }),
      },
    ],
  },
  {
    overwrite: true,
    onProgress({ bytesRead, chunksDone }) {
      if (chunksDone === written) return;
      written = chunksDone;
      console.log(`${bytesRead} bytes received, chunks written: ${chunksDone}`);
    },
  },
);

const [{ shape }] = report.datasets;
console.log(`wrote ${report.path}: ${shape[0]} samples of ${shape[1]} channels`);
