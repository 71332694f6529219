/** A real recording, 16 channels at 40 kHz: test/data/open-ephys-hippocampus. */
import { readFileSync } from 'node:fs';
import { ROW_BYTES, type Row } from './row.js';

const CHANNELS = 16;
const SAMPLES = ROW_BYTES / 2 / CHANNELS;

const RECORDING = new URL(
  '../../../../test/data/open-ephys-hippocampus/continuous.dat',
  import.meta.url,
);

/** Repeats the short recording. It is longer than the window of deflate, so repetition does not help compression. */
function tiled(): Int16Array {
  const bytes = readFileSync(RECORDING);
  const tiles = Buffer.alloc(ROW_BYTES, bytes);
  return new Int16Array(tiles.buffer, tiles.byteOffset, ROW_BYTES / 2);
}

const chunked = (chunk: readonly number[]): Row => ({
  name: `hippocampus-${chunk.join('x')}`,
  group: 'ephys',
  dtype: 'int16',
  shape: [SAMPLES, CHANNELS],
  chunk,
  make: tiled,
});

export const HIPPOCAMPUS: readonly Row[] = [
  chunked([8192, CHANNELS]),
  chunked([32_768, CHANNELS]),
  chunked([65_536, 1]),
];
