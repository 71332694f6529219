/** Data that are 0 most of the time. */
import type { Random } from './random.js';
import { ROW_BYTES, type Row } from './row.js';

/** Eight lines of a digital port, 0 or 1: a clock, and seven lines that change less and less often. */
function lines(random: Random, samples: number): Uint8Array {
  const items = new Uint8Array(8 * samples);
  const states = new Uint8Array(8);
  const changes = new Float64Array(8);
  for (let sample = 0; sample < samples; sample++)
    for (let line = 0; line < 8; line++) {
      if (sample >= changes[line]) {
        states[line] ^= 1;
        changes[line] = sample + (line === 0 ? 500 : random.exponential(150 * 2 ** line));
      }
      items[8 * sample + line] = states[line];
    }
  return items;
}

/** Puts values at a share of all positions, which are independent of each other. */
function scattered<Items extends Uint8Array | Int16Array | Float32Array>(
  random: Random,
  items: Items,
  share: number,
  value: () => number,
): Items {
  const gap = () => random.exponential(1 / share);
  for (let at = gap(); at < items.length; at += gap()) items[Math.floor(at)] = value();
  return items;
}

const LINE_SAMPLES = ROW_BYTES / 8;

export const EVENTS: readonly Row[] = [
  {
    name: 'ttl-lines',
    group: 'events',
    dtype: 'uint8',
    shape: [LINE_SAMPLES, 8],
    chunk: [131_072, 8],
    make: (random) => lines(random, LINE_SAMPLES),
  },
  {
    // Binned spikes of units.
    name: 'sparse-uint8',
    group: 'events',
    dtype: 'uint8',
    shape: [ROW_BYTES / 128, 128],
    chunk: [8192, 128],
    make: (random) =>
      scattered(random, new Uint8Array(ROW_BYTES), 0.01, () => 1 + random.poisson(0.3)),
  },
  {
    // Amplitudes of threshold crossings.
    name: 'sparse-int16',
    group: 'events',
    dtype: 'int16',
    shape: [ROW_BYTES / 256, 128],
    chunk: [4096, 128],
    make: (random) =>
      scattered(random, new Int16Array(ROW_BYTES / 2), 0.005, () =>
        Math.round(-60 - random.exponential(40)),
      ),
  },
  {
    // Deconvolved calcium events.
    name: 'sparse-float32',
    group: 'events',
    dtype: 'float32',
    shape: [ROW_BYTES / 256, 64],
    chunk: [4096, 64],
    make: (random) =>
      scattered(random, new Float32Array(ROW_BYTES / 4), 0.02, () => random.exponential(0.8)),
  },
];
