/** Other regularly sampled signals, smooth or noisy. */
import type { Random } from './random.js';
import { RECORDING_CHUNK, ROW_BYTES, type Row } from './row.js';

/** A sine on each channel that sweeps up and down between two frequencies. */
function chirps(random: Random, samples: number, channels: number): Int16Array {
  const sweeps = Array.from({ length: channels }, () => ({
    low: random.between(0.2, 2),
    high: random.between(10, 60),
    period: random.between(0.5, 3) * 30_000,
    amplitude: random.between(60, 400),
    phase: random.between(0, 2 * Math.PI),
  }));
  const items = new Int16Array(samples * channels);
  for (let sample = 0; sample < samples; sample++)
    for (const [channel, sweep] of sweeps.entries()) {
      const turn = 0.5 - 0.5 * Math.cos((2 * Math.PI * sample) / sweep.period);
      sweep.phase += (2 * Math.PI * (sweep.low + (sweep.high - sweep.low) * turn)) / 30_000;
      items[sample * channels + channel] = Math.round(sweep.amplitude * Math.sin(sweep.phase));
    }
  return items;
}

/** Coarse steps around the offset of each channel, as from a converter with dead bits. */
function quantised(random: Random, samples: number, channels: number): Int16Array {
  const offsets = Array.from({ length: channels }, () => Math.round(300 * random.normal()));
  return Int16Array.from(
    { length: samples * channels },
    (_, at) => 8 * Math.round(5 * random.normal()) + offsets[at % channels],
  );
}

/** A random walk on each channel, with normally distributed steps. */
function walk(random: Random, samples: number, channels: number): Float32Array {
  const items = new Float32Array(samples * channels);
  for (let at = 0; at < items.length; at++)
    items[at] = (at < channels ? 0 : items[at - channels]) + 0.01 * random.normal();
  return items;
}

/** x and y of an animal in a box of 1 m, in steps of half a millimetre, sampled at 60 Hz. */
function position(random: Random, samples: number): Float64Array {
  const items = new Float64Array(2 * samples);
  const place = [0.5, 0.5];
  const velocity = [0, 0];
  for (let sample = 0; sample < samples; sample++)
    for (const axis of [0, 1]) {
      velocity[axis] += -0.02 * velocity[axis] + 0.0004 * random.normal();
      const next = place[axis] + velocity[axis];
      if (next < 0 || next > 1) velocity[axis] = -velocity[axis];
      place[axis] = Math.min(1, Math.max(0, next));
      items[2 * sample + axis] = Math.round(place[axis] * 2000) / 2000;
    }
  return items;
}

/** The speed of a running wheel, still or running, in steps of 0.01 cm/s. */
function speed(random: Random, samples: number): Float64Array {
  const items = new Float64Array(samples);
  let aim = 0;
  let now = 0;
  let change = 0;
  for (let sample = 0; sample < samples; sample++) {
    if (sample >= change) {
      aim = random.uniform() < 0.4 ? 0 : random.between(2, 40);
      change = sample + random.exponential(3000);
    }
    now += 0.005 * (aim - now) + (aim > 0 ? 0.05 * random.normal() : 0);
    items[sample] = Math.round(Math.max(0, now) * 100) / 100;
  }
  return items;
}

const CHIRPS = [ROW_BYTES / 2 / 16, 16] as const;
const WIDE = [ROW_BYTES / 2 / 64, 64] as const;
const WIDE_FLOATS = [ROW_BYTES / 4 / 64, 64] as const;
const PLACES = ROW_BYTES / 16;
const SPEEDS = ROW_BYTES / 8;

export const SIGNALS: readonly Row[] = [
  {
    name: 'chirps',
    group: 'signals',
    dtype: 'int16',
    shape: CHIRPS,
    chunk: [32_768, 16],
    make: (random) => chirps(random, ...CHIRPS),
  },
  {
    name: 'quantised',
    group: 'signals',
    dtype: 'int16',
    shape: WIDE,
    chunk: RECORDING_CHUNK,
    make: (random) => quantised(random, ...WIDE),
  },
  {
    name: 'gauss10',
    group: 'signals',
    dtype: 'int16',
    shape: WIDE,
    chunk: RECORDING_CHUNK,
    make: (random) =>
      Int16Array.from({ length: WIDE[0] * WIDE[1] }, () => Math.round(10 * random.normal())),
  },
  {
    name: 'walk-float32',
    group: 'signals',
    dtype: 'float32',
    shape: WIDE_FLOATS,
    chunk: [4096, 64],
    make: (random) => walk(random, ...WIDE_FLOATS),
  },
  {
    name: 'noise-float32',
    group: 'signals',
    dtype: 'float32',
    shape: [ROW_BYTES / 4],
    chunk: [262_144],
    make: (random) => Float32Array.from({ length: ROW_BYTES / 4 }, () => random.normal()),
  },
  {
    name: 'position',
    group: 'signals',
    dtype: 'float64',
    shape: [PLACES, 2],
    chunk: [65_536, 2],
    make: (random) => position(random, PLACES),
  },
  {
    name: 'speed',
    group: 'signals',
    dtype: 'float64',
    shape: [SPEEDS],
    chunk: [131_072],
    make: (random) => speed(random, SPEEDS),
  },
];
