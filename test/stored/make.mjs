// Makes the files that stored.test.ts reads: what a build of this package leaves on the disk. Run it with the
// build of an earlier release, so that later releases are tested with files that they did not write:
//
//     node test/stored/make.mjs CHECKOUT/dist FOLDER
//
// `files/` has one folder for each release that files were made with. Journals name the folder in which they
// were written, so files are made in a folder such as /home/ephys/session and copied here.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, target] = process.argv.slice(2);
const { convert, DataWriter } = await import(pathToFileURL(resolve(dist, 'index.js')).href);
const folder = resolve(target);
mkdirSync(folder, { recursive: true });

const nwbfile = {
  sessionDescription: 'a stored recording',
  identifier: 'stored-1',
  sessionStartTime: '2022-11-22T10:00:00+01:00',
};

function timeSeries(name, data) {
  return { type: 'TimeSeries', name, unit: 'volts', rate: 1000, data };
}

/** Slow waves with some noise, so that neighbouring values differ and the chunks are compressible. */
function wave(at) {
  return Math.round(50 * Math.sin(at / 40)) + (at % 7) + 57;
}

// Two sources, of both byte orders.
const raw = Int16Array.from({ length: 480 * 8 }, (_, at) => wave(at));
writeFileSync(join(folder, 'raw.bin'), raw);
const packed = Buffer.alloc(200 * 3 * 8);
for (let at = 0; at < 600; at++) packed.writeDoubleBE(wave(at) / 8, 8 * at);
writeFileSync(join(folder, 'packed.bin'), packed);

function describe(name) {
  const rawSource = { type: 'raw', path: join(folder, 'raw.bin'), dtype: 'int16', shape: [480, 8] };
  const packedSource = {
    type: 'raw',
    path: join(folder, 'packed.bin'),
    dtype: 'float64',
    shape: [200, 3],
    endian: 'big',
  };
  return {
    path: join(folder, name),
    nwbfile,
    acquisition: [
      timeSeries('raw', { source: rawSource, chunks: [20, 4], compression: null }),
      timeSeries('packed', { source: packedSource, chunks: [10, 3] }),
    ],
  };
}

await convert(describe('complete.nwb'), { workers: 1 });

// Half of the 48 + 20 chunks are on record.
const interruption = new AbortController();
const onProgress = ({ chunksDone }) => {
  if (chunksDone >= 34) interruption.abort(new Error('interrupted'));
};
const { signal } = interruption;
try {
  await convert(describe('interrupted.nwb'), { workers: 1, signal, onProgress });
  throw new Error('Expected an interrupted conversion but it came to its end');
} catch (error) {
  if (error !== signal.reason) throw error;
}

// Rows that count on: 55 are acknowledged, which end within a chunk. Then the process is killed.
const writer = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
const series = timeSeries('x', { data: writer, chunks: [10, 4] });
convert({ path: join(folder, 'stream.nwb'), nwbfile, acquisition: [series] }, { workers: 1 });
await writer.append(Int16Array.from({ length: 55 * 4 }, (_, at) => at));
await writer.flush();
process.kill(process.pid, 'SIGKILL');
