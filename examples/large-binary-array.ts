/**
 * A file that is larger than memory ought to be, converted in two ways: as a source, which the
 * workers read, and through an iterator that reads it piece by piece.
 *
 *     npm run example large-binary-array [megabytes] [folder]
 */
import { closeSync, existsSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { convert, DataChunkIterator, type Description, dataIO, verify } from 'hyperslab';

const [megabytes = '64', folder = 'examples/out'] = process.argv.slice(2);
const CHANNELS = 64;
const ROW_BYTES = CHANNELS * 2;
const rows = Math.floor((Number(megabytes) * 1e6) / ROW_BYTES);

mkdirSync(folder, { recursive: true });
const recording = join(folder, 'large.bin');
if (!existsSync(recording) || statSync(recording).size !== rows * ROW_BYTES) makeRecording();

// Both ways end in the same file but for how the data comes; what it is like is said once.
const storage = { chunks: [32_768, CHANNELS], compressionOpts: 4 };

function describe(path: string, data: ReturnType<typeof dataIO>): Description {
  return {
    path: join(folder, path),
    nwbfile: {
      sessionDescription: 'iterative write: a large binary array',
      identifier: 'example-large-binary-array',
      sessionStartTime: '2017-04-03T11:00:00+02:00',
    },
    acquisition: [{ type: 'TimeSeries', name: 'waves', unit: 'volts', rate: 30_000, data }],
  };
}

// One way: say where the file is and what is in it. The workers read it, each its own parts, so that
// nothing passes through this thread.
const bySource = describe(
  'large-by-source.nwb',
  dataIO({ type: 'raw', path: recording, dtype: 'int16', shape: [null, CHANNELS] }, storage),
);

// The other: a generator that reads some rows at a time. It keeps this thread busy, but can do
// whatever a program can: skip headers, sort channels, ask a database. Only a piece is in memory at
// any time, and the chunks that are being filled.
async function* pieces(): AsyncGenerator<Int16Array> {
  const ROWS_PER_PIECE = 4096;
  const file = await open(recording);
  try {
    for (let row = 0; row < rows; row += ROWS_PER_PIECE) {
      const piece = new Int16Array(Math.min(ROWS_PER_PIECE, rows - row) * CHANNELS);
      await file.read(new Uint8Array(piece.buffer), 0, piece.byteLength, row * ROW_BYTES);
      yield piece;
    }
  } finally {
    await file.close();
  }
}
const byIterator = describe(
  'large-by-iterator.nwb',
  dataIO(
    // Blocks of several rows; the declared shape tells how long a row is.
    new DataChunkIterator(pieces(), {
      yields: 'blocks',
      dtype: 'int16',
      maxshape: [rows, CHANNELS],
    }),
    storage,
  ),
);

for (const description of [bySource, byIterator]) {
  const { path, rawBytes, fileBytes, seconds } = await convert(description, { overwrite: true });
  const speed = (rawBytes / 1e6 / seconds).toFixed(0);
  console.log(`wrote ${path}: ${rawBytes} bytes in ${fileBytes}, ${speed} MB/s`);
}

// Every value of both files is compared with the recording.
for (const { path } of [bySource, byIterator]) {
  const { equal } = await verify(path, bySource);
  console.log(`${path}: ${equal ? 'all values match' : 'there are differences'}`);
  if (!equal) process.exitCode = 1;
}

/** Writes waves, of another length on each channel, piece by piece. */
function makeRecording(): void {
  const ROWS_PER_PIECE = 10_000;
  const file = openSync(recording, 'w');
  for (let first = 0; first < rows; first += ROWS_PER_PIECE) {
    const piece = new Int16Array(Math.min(ROWS_PER_PIECE, rows - first) * CHANNELS);
    for (let item = 0; item < piece.length; item++) {
      const row = first + Math.floor(item / CHANNELS);
      const channel = item % CHANNELS;
      piece[item] = Math.round(1000 * Math.sin((2 * Math.PI * row) / (100 + channel)));
    }
    writeSync(file, piece);
  }
  closeSync(file);
}
