/** Times, and numbers that only grow. */
import type { Random } from './random.js';
import { ROW_BYTES, type Row } from './row.js';

const RATE = 30_000;
const COUNT = ROW_BYTES / 8;

/** Rounds seconds to steps of the sampling clock. */
const onClock = (seconds: number): number => Math.round(seconds * RATE) / RATE;

/** Times of independent events. */
function sortedTimes(random: Random): Float64Array {
  let now = 0;
  return Float64Array.from({ length: COUNT }, () => {
    now += onClock(random.exponential(0.05));
    return now;
  });
}

/** Frame times of a camera at 30 Hz, in steps of a microsecond; the computer is sometimes late. */
function frameTimes(random: Random): Float64Array {
  return Float64Array.from({ length: COUNT }, (_, frame) => {
    const late = random.uniform() < 0.01 ? random.exponential(0.004) : 0;
    return Math.round((1600 + frame / 30 + 0.0002 * random.normal() + late) * 1e6) / 1e6;
  });
}

/** Spike times of units, one unit after the other, as in the table of units. */
function spikeTimes(random: Random): Float64Array {
  const perUnit = 8192;
  let now = 0;
  let interval = 0;
  return Float64Array.from({ length: COUNT }, (_, at) => {
    if (at % perUnit === 0) {
      now = 0;
      interval = 1 / (0.5 * 80 ** random.uniform());
    }
    now += 0.002 + random.exponential(interval);
    return onClock(now);
  });
}

/** Sample numbers of a device that sometimes loses samples. */
function sampleNumbers(random: Random): BigInt64Array {
  let now = 1_234_567_890;
  return BigInt64Array.from({ length: COUNT }, () => {
    now += random.uniform() < 1e-5 ? 2 + random.below(5000) : 1;
    return BigInt(now);
  });
}

/** At every sample, counters of samples, frames, steps of a wheel, and microseconds. */
function counters(random: Random, samples: number): Uint32Array {
  const items = new Uint32Array(4 * samples);
  let frames = 0;
  let steps = 2 ** 31;
  let pace = 0;
  for (let sample = 0; sample < samples; sample++) {
    if (random.uniform() < 0.004) frames++;
    pace += -0.001 * pace + 0.02 * random.normal();
    if (random.uniform() < Math.abs(pace)) steps += Math.sign(pace);
    items.set([sample, frames, steps, Math.floor((sample * 1e6) / RATE)], 4 * sample);
  }
  return items;
}

const oneAxis = (name: string, dtype: 'float64' | 'int64', make: Row['make']): Row => ({
  name,
  group: 'times',
  dtype,
  shape: [COUNT],
  chunk: [131_072],
  make,
});

export const TIMES: readonly Row[] = [
  oneAxis('times-sorted', 'float64', sortedTimes),
  oneAxis('times-regular', 'float64', () =>
    Float64Array.from({ length: COUNT }, (_, sample) => sample / RATE),
  ),
  oneAxis('times-frames', 'float64', frameTimes),
  oneAxis('spike-times', 'float64', spikeTimes),
  oneAxis('sample-numbers', 'int64', sampleNumbers),
  {
    name: 'counters',
    group: 'times',
    dtype: 'uint32',
    shape: [ROW_BYTES / 16, 4],
    chunk: [65_536, 4],
    make: (random) => counters(random, ROW_BYTES / 16),
  },
  {
    name: 'ramp',
    group: 'times',
    dtype: 'int32',
    shape: [ROW_BYTES / 4],
    chunk: [262_144],
    make: () => Int32Array.from({ length: ROW_BYTES / 4 }, (_, at) => at),
  },
];
