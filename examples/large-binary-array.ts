/**
 * A file that does not fit into memory, converted in two ways: as a source that the workers read, and
 * through an iterator that reads the file piece by piece.
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

// Both ways share the storage options and the description.
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

// First way: describe the file. Each worker reads its own parts, and no data pass through this thread.
const bySource = describe(
  'large-by-source.nwb',
  dataIO({ type: 'raw', path: recording, dtype: 'int16', shape: [null, CHANNELS] }, storage),
);

// Second way: a generator that reads some rows at a time. It keeps this thread busy, but can do anything
// that a program can: skip headers, sort channels, query a database. Only one piece is in memory at any
// time, plus the chunks that are being filled.
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
    // Blocks of several rows; the declared shape gives the length of a row.
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

// Compare every value of both files with the recording.
for (const { path } of [bySource, byIterator]) {
  const { equal } = await verify(path, bySource);
  console.log(`${path}: ${equal ? 'all values match' : 'there are differences'}`);
  if (!equal) process.exitCode = 1;
}

/** Writes waves with a different period on each channel, piece by piece. */
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
