/**
 * An array with one file per channel, assembled in two ways: as a source, and through an iterator that
 * writes one column at a time.
 *
 *     npm run example one-file-per-channel [samples] [folder]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AbstractDataChunkIterator,
  convert,
  DataChunk,
  type Description,
  dataIO,
  verify,
} from 'hyperslab';

const [samples = '100000', folder = 'examples/out'] = process.argv.slice(2);
const CHANNELS = 10;

// The files hold float64 samples and nothing else. Each channel starts 1000 higher than the one before.
mkdirSync(join(folder, 'channels'), { recursive: true });
const files = Array.from({ length: CHANNELS }, (_, channel) => {
  const path = join(folder, 'channels', `channel-${channel}.bin`);
  const values = Float64Array.from({ length: Number(samples) }, (_, i) => 1000 * channel + i / 8);
  writeFileSync(path, values);
  return path;
});

// The iterator yields whole columns. With chunks of one channel, a chunk is full and can be written as soon
// as its file has been read; chunks of several channels would all wait, partly filled, for the last file.
class ChannelFiles implements AbstractDataChunkIterator {
  readonly dtype = 'float64';
  readonly maxshape = [Number(samples), files.length];
  readonly recommendedDataShape = this.maxshape;
  readonly recommendedChunkShape = [Math.min(Number(samples), 65_536), 1];

  async *[Symbol.asyncIterator](): AsyncGenerator<DataChunk> {
    for (const [channel, path] of files.entries()) {
      const bytes = await readFile(path);
      const column = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
      // All samples of one channel: [:, channel] in numpy.
      yield new DataChunk(column, [null, channel]);
    }
  }
}

function describe(path: string, data: ReturnType<typeof dataIO>): Description {
  return {
    path: join(folder, path),
    nwbfile: {
      sessionDescription: 'iterative write: one file per channel',
      identifier: 'example-one-file-per-channel',
      sessionStartTime: '2017-04-03T11:00:00+02:00',
    },
    acquisition: [{ type: 'TimeSeries', name: 'ramps', unit: 'volts', rate: 30_000, data }],
  };
}

// Plain files need no iterator: a stack of sources gives the same array.
const bySource = describe(
  'channels-by-source.nwb',
  dataIO({ type: 'stack', files, each: { type: 'raw', dtype: 'float64', shape: [null] } }),
);
const byIterator = describe('channels-by-iterator.nwb', dataIO(new ChannelFiles()));

for (const description of [bySource, byIterator]) {
  const { path, datasets } = await convert(description, { overwrite: true });
  const [{ shape, chunks }] = datasets;
  console.log(`wrote ${path}: shape [${shape.join(', ')}], chunks [${chunks.join(', ')}]`);
  const { equal } = await verify(path, bySource);
  console.log(equal ? 'all values match' : 'there are differences');
  if (!equal) process.exitCode = 1;
}
