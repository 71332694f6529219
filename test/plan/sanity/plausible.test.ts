import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { uniform } from '../../../src/cli/demo/random.js';
import { recordingBlocks } from '../../../src/cli/demo/recording.js';
import { ndarray } from '../../../src/index.js';
import { writeModule } from '../../support/recordings.js';
import { electrical, GAIN, plain, planned, raw, type Series, written } from './planned.js';
import {
  float32,
  float64,
  int16,
  int32,
  normal,
  recordingOf,
  swapped,
  transposed,
  uint16,
} from './signals.js';

interface Case {
  readonly name: string;
  readonly make: (folder: string) => Series;
  readonly channels: number;
}

type Row = readonly [name: string, make: (folder: string) => Series, channels?: number];

const DATA = join(dirname(fileURLToPath(import.meta.url)), '../../data');
const ROWS = 2048;
const shared = recordingOf(ROWS, 32);
const gauss = normal(uniform(7));
const random = uniform(8);

const list = (length: number, make: (at: number) => number) =>
  Array.from({ length }, (_, at) => make(at));
const sine =
  (period: number, amplitude = 1) =>
  (at: number) =>
    amplitude * Math.sin((2 * Math.PI * at) / period);

/** A random walk, as of an animal or a temperature. */
function walk(length: number, columns: number, step: number): number[] {
  const at = new Float64Array(columns);
  return list(length * columns, (index) => {
    at[index % columns] += step * gauss();
    return at[index % columns];
  });
}

/** 0 and 1, which change at random. */
function line(length: number, chance: number): number[] {
  let level = 0;
  return list(length, () => {
    if (random() < chance) level = 1 - level;
    return level;
  });
}

/** Frames with structure and noise, of `pixels` a side. */
function frames(count: number, pixels: number, most: number): number[] {
  return list(count * pixels * pixels, (at) => {
    const [x, y] = [at % pixels, Math.floor(at / pixels) % pixels];
    const spot = Math.exp(-(((x - pixels / 2) / 9) ** 2) - ((y - pixels / 3) / 7) ** 2);
    return Math.min(most, Math.max(0, Math.round(most * (0.1 + 0.6 * spot + 0.03 * gauss()))));
  });
}

/** A recording of 384 channels with a synchronisation channel, as a probe writes it. */
function withSync(values: Float64Array, sync: (row: number) => number): Int16Array {
  const rows = values.length / 384;
  return Int16Array.from({ length: rows * 385 }, (_, at) => {
    const [row, column] = [Math.floor(at / 385), at % 385];
    return column === 384 ? sync(row) : Math.round(values[row * 384 + column]);
  });
}

const probe = withSync(recordingOf(600, 384), (row) => (row % 300 < 150 ? 64 : 0));
const field = recordingOf(600, 384, { noise: 2, shared: 0.9, slow: 120, spikes: 0, offsets: 0 });
const quiet = recordingOf(1024, 64, { slow: 0, offsets: 0, spikes: 60 });
const white = recordingOf(512, 128, { shared: 0, slow: 0, offsets: 0, spikes: 0 });
const common = list(ROWS, () => 30 * gauss());

/** Converters of 24 channels each, whose noise is the same at one time. */
const grouped = (() => {
  const groups = list(600 * 24, () => 8 * gauss());
  return list(600 * 384, (at) => 6 * gauss() + groups[Math.floor(at / 384) * 24 + (at % 24)]);
})();

const AP = (folder: string) => raw(folder, probe, 'int16', [null, 385], { columns: '0:384' });

const PLAUSIBLE: readonly Row[] = [
  ['a probe of 384 channels', (f) => electrical({ source: AP(f) }), 384],
  [
    'its synchronisation channel',
    (f) => plain({ source: { ...AP(f), columns: '384:385' } }, { unit: 'n.a.', rate: 30_000 }),
  ],
  ['all its 385 columns', (f) => electrical({ source: raw(f, probe, 'int16', [null, 385]) }), 385],
  [
    'a constant synchronisation channel among electrodes',
    (f) =>
      electrical({
        source: raw(
          f,
          withSync(field, () => 64),
          'int16',
          [null, 385],
        ),
      }),
    385,
  ],
  [
    'selected channels in another order',
    (f) => electrical({ source: { ...AP(f), columns: [5, 3, 380, 17] } }),
    4,
  ],
  [
    'field potentials of 384 channels at 2.5 kHz',
    (f) =>
      electrical(
        { source: raw(f, int16(field), 'int16', [null, 384]) },
        { rate: 2500, conversion: 4.6875e-6 },
      ),
    384,
  ],
  [
    'a probe with one gain per channel',
    (f) =>
      electrical(
        { source: raw(f, int16(shared), 'int16', [null, 32]) },
        { conversion: 1, channelConversion: list(32, (at) => GAIN * (1 + (at % 3))) },
      ),
    32,
  ],
  [
    '32 channels of Intan',
    (f) =>
      electrical({ source: raw(f, int16(shared), 'int16', [null, 32]) }, { conversion: 1.95e-7 }),
    32,
  ],
  [
    'offset-binary uint16 with its offset',
    (f) =>
      electrical(
        { source: raw(f, uint16(shared, 1, 32_768), 'uint16', [null, 32]) },
        { conversion: 1.95e-7, offset: -32_768 * 1.95e-7 },
      ),
    32,
  ],
  [
    '12-bit uint16 of a high-density array',
    (f) =>
      electrical(
        { source: raw(f, uint16(recordingOf(400, 252), 1, 2048), 'uint16', [null, 252]) },
        { conversion: 2e-6, offset: -2048 * 2e-6 },
      ),
    252,
  ],
  [
    'one channel',
    (f) => electrical({ source: raw(f, int16(recordingOf(20_000, 1)), 'int16', [null, 1]) }),
  ],
  [
    'one channel without an axis of its own',
    (f) => electrical({ source: raw(f, int16(recordingOf(20_000, 1)), 'int16', [null]) }),
  ],
  [
    'a stereotrode',
    (f) => electrical({ source: raw(f, int16(recordingOf(9000, 2)), 'int16', [null, 2]) }),
    2,
  ],
  [
    'a tetrode whose channels are alike',
    (f) =>
      electrical({
        source: raw(f, int16(recordingOf(9000, 4, { shared: 0.95 })), 'int16', [null, 4]),
      }),
    4,
  ],
  [
    'channels with nothing but common noise',
    (f) =>
      electrical({
        source: raw(f, int16(list(ROWS * 16, (at) => common[at >> 4])), 'int16', [null, 16]),
      }),
    16,
  ],
  [
    'channels that share the noise of their converters',
    (f) => electrical({ source: raw(f, int16(grouped), 'int16', [null, 384]) }),
    384,
  ],
  [
    'high-passed channels without offsets',
    (f) => electrical({ source: raw(f, int16(quiet), 'int16', [null, 64]) }),
    64,
  ],
  ['white noise', (f) => electrical({ source: raw(f, int16(white), 'int16', [null, 128]) }), 128],
  [
    'noise of a few counts',
    (f) => electrical({ source: raw(f, int16(white, 0.2), 'int16', [null, 128]) }),
    128,
  ],
  [
    'full-scale white noise',
    (f) => {
      const noise = int16(list(ROWS * 16, () => 65_535 * (random() - 0.5)));
      return electrical({ source: raw(f, noise, 'int16', [null, 16]) }, { conversion: 1e-8 });
    },
    16,
  ],
  [
    'float32 in volts',
    (f) =>
      electrical(
        { source: raw(f, float32(shared, GAIN), 'float32', [null, 32]) },
        { conversion: 1 },
      ),
    32,
  ],
  [
    'float32 in microvolts',
    (f) =>
      electrical(
        { source: raw(f, float32(shared, 2.3), 'float32', [null, 32]) },
        { conversion: 1e-6 },
      ),
    32,
  ],
  [
    'float32 of whole numbers',
    (f) => electrical({ source: raw(f, float32(int16(shared)), 'float32', [null, 32]) }),
    32,
  ],
  [
    'float64 in volts',
    (f) =>
      electrical(
        { source: raw(f, float64(shared, GAIN), 'float64', [null, 32]) },
        { conversion: 1 },
      ),
    32,
  ],
  [
    'float64 that were float32',
    (f) =>
      electrical(
        { source: raw(f, float64(float32(shared, GAIN)), 'float64', [null, 32]) },
        { conversion: 1 },
      ),
    32,
  ],
  [
    'big-endian int16',
    (f) =>
      electrical({
        source: raw(f, swapped(int16(shared)), 'int16', [null, 32], { endian: 'big' }),
      }),
    32,
  ],
  [
    'big-endian float32',
    (f) =>
      electrical(
        {
          source: raw(f, swapped(float32(shared, GAIN)), 'float32', [null, 32], { endian: 'big' }),
        },
        { conversion: 1 },
      ),
    32,
  ],
  [
    'channel after channel in order F',
    (f) =>
      electrical({
        source: raw(f, transposed(int16(shared), 32), 'int16', [null, 32], { order: 'F' }),
      }),
    32,
  ],
  [
    'one file per channel',
    (f) => {
      const files = list(8, (at) => at).map((at) =>
        written(f, int16(shared.filter((_, i) => i % 32 === at))),
      );
      const each = { type: 'raw', dtype: 'int16', shape: [null] } as const;
      return electrical({ source: { type: 'stack', files, each: { ...each, shape: [null] } } });
    },
    8,
  ],
  [
    'files one after the other',
    (f) => {
      const half = shared.length / 2;
      const files = [0, half].map((at) => written(f, int16(shared.slice(at, at + half))));
      const each = { type: 'raw', dtype: 'int16', shape: [null, 32] } as const;
      return electrical({
        source: { type: 'concat', files, each: { ...each, shape: [null, 32] } },
      });
    },
    32,
  ],
  [
    'a .npy file',
    (f) => {
      const fields = "{'descr': '<i2', 'fortran_order': False, 'shape': (2048, 32), }";
      const header = Buffer.from(`\x93NUMPY\x01\0\x76\0${fields.padEnd(117)}\n`, 'latin1');
      const path = join(f, 'a.npy');
      writeFileSync(path, Buffer.concat([header, Buffer.from(int16(shared).buffer)]));
      return electrical({ source: { type: 'npy', path } });
    },
    32,
  ],
  [
    'the data of a .npy file as raw, behind its header',
    (f) => {
      const header = Buffer.from(`\x93NUMPY${' '.repeat(122)}`, 'latin1');
      const data = Buffer.concat([header, Buffer.from(int16(shared).buffer)]);
      return electrical({ source: raw(f, data, 'int16', [null, 32], { offset: 128 }) });
    },
    32,
  ],
  [
    '24-bit electroencephalograms as int32',
    (f) =>
      electrical(
        { source: raw(f, int32(recordingOf(ROWS, 16), 2000), 'int32', [null, 16]) },
        { rate: 512, conversion: 3.125e-8 },
      ),
    16,
  ],
  [
    '24 bits in the upper bytes of int32',
    (f) =>
      electrical(
        { source: raw(f, int32(int32(shared, 900), 256), 'int32', [null, 32]) },
        { conversion: 1e-11 },
      ),
    32,
  ],
  [
    '16 bits in the upper bytes of int32',
    (f) =>
      electrical(
        { source: raw(f, int32(int16(shared), 65_536), 'int32', [null, 32]) },
        { conversion: GAIN / 65_536 },
      ),
    32,
  ],
  [
    'small numbers as int32',
    (f) => electrical({ source: raw(f, int32(shared), 'int32', [null, 32]) }),
    32,
  ],
  [
    'numbers a little larger than int16 as int32',
    (f) =>
      electrical({ source: raw(f, int32(shared, 700), 'int32', [null, 32]) }, { conversion: 1e-9 }),
    32,
  ],
  [
    'a scalp electroencephalogram at 256 Hz',
    (f) =>
      electrical(
        { source: raw(f, int16(recordingOf(6000, 19), 3), 'int16', [null, 19]) },
        { rate: 256, conversion: 1e-7 },
      ),
    19,
  ],
  [
    'a cortical grid at 1 kHz',
    (f) =>
      electrical(
        { source: raw(f, float32(recordingOf(ROWS, 64), 5e-6), 'float32', [null, 64]) },
        { rate: 1000, conversion: 1 },
      ),
    64,
  ],
  [
    'an electromyogram of some millivolts',
    (f) =>
      electrical(
        { source: raw(f, int16(list(8000, () => 4000 * gauss() * random())), 'int16', [null, 4]) },
        { rate: 2000, conversion: 3e-7 },
      ),
    4,
  ],
  [
    'an electrocardiogram',
    (f) => {
      const beat = (at: number) => 800 * Math.exp(-((((at % 400) - 200) / 6) ** 2)) + 5 * gauss();
      const fields = { unit: 'volts', rate: 500, conversion: 1e-6 };
      return plain({ source: raw(f, int16(list(8000, beat)), 'int16', [null]) }, fields);
    },
  ],
  [
    'artefacts that saturate now and then',
    (f) => {
      const data = int16(shared).map((value, at) => (at % 65_536 < 160 ? 32_767 : value));
      return electrical({ source: raw(f, data, 'int16', [null, 32]) });
    },
    32,
  ],
  [
    'stimulation artefacts on all channels',
    (f) => {
      const data = int16(shared).map((value, at) =>
        Math.floor(at / 32) % 100 === 7 ? 9000 : value,
      );
      return electrical({ source: raw(f, data, 'int16', [null, 32]) });
    },
    32,
  ],
  [
    'a recording with timestamps and a gap',
    (f) => {
      const times = Float64Array.from(
        { length: ROWS },
        (_, at) => at / 30_000 + (at > 900 ? 12 : 0),
      );
      const data = { source: raw(f, int16(shared), 'int16', [null, 32]) };
      return electrical(data, { timestamps: { source: raw(f, times, 'float64', [null]) } });
    },
    32,
  ],
  [
    'the recording of the demo',
    (f) => {
      const [block] = recordingBlocks(600);
      return electrical({ source: raw(f, block, 'int16', [null, 385], { columns: '0:384' }) });
    },
    384,
  ],
  [
    'a real recording in the hippocampus',
    () => {
      const path = join(DATA, 'open-ephys-hippocampus/continuous.dat');
      const source = { type: 'raw', path, dtype: 'int16', shape: [null, 16] } as const;
      return electrical(
        { source: { ...source, shape: [null, 16] } },
        { rate: 40_000, conversion: 5e-8 },
      );
    },
    16,
  ],
  ['an array in memory', () => electrical(ndarray(int16(shared), [ROWS, 32])), 32],
  [
    'an iterator, which is not consumed',
    () => {
      const data = {
        dtype: 'int16',
        maxshape: [null, 32],
        [Symbol.iterator](): never {
          throw new Error('no data are asked for');
        },
      } as const;
      return electrical(data as never);
    },
    32,
  ],
  ['numbers in place', () => plain([1, 2, 3, 4])],
  [
    'a module that must run in a worker',
    (f) => {
      const text = `export const open = () => ({ dtype: 'int16', shape: [100, 2],
        read: (_, [rows, columns]) => new Int16Array(rows * columns) });`;
      return plain({ source: writeModule(f, 'm.mjs', text) });
    },
  ],
  [
    'positions of an animal at 30 Hz',
    (f) =>
      plain({ source: raw(f, float64(walk(5000, 2, 0.01)), 'float64', [null, 2]) }, { rate: 30 }),
  ],
  [
    'a running speed with gaps',
    (f) => {
      const speed = float32(walk(5000, 1, 0.01)).map((value, at) =>
        at % 5 === 0 ? Number.NaN : value,
      );
      return plain({ source: raw(f, speed, 'float32', [null]) }, { rate: 60, unit: 'm/s' });
    },
  ],
  [
    'a temperature for 60 days',
    (f) =>
      plain(
        { source: raw(f, float32(walk(86_400, 1, 0.01)), 'float32', [null]) },
        { rate: 1 / 60, unit: 'celsius' },
      ),
  ],
  [
    'licks, as 0 and 1',
    (f) => plain({ source: raw(f, Uint8Array.from(line(20_000, 0.01)), 'uint8', [null]) }),
  ],
  [
    'a line that never switched',
    (f) => plain({ source: raw(f, new Uint8Array(20_000), 'uint8', [null]) }),
  ],
  [
    'a line of 0 and 5 volts',
    (f) =>
      plain(
        { source: raw(f, float64(line(20_000, 0.01), 5), 'float64', [null]) },
        { unit: 'volts', rate: 30_000 },
      ),
  ],
  [
    'a port whose upper lines switch',
    (f) => {
      const [a, b, c] = [line(20_000, 0.3), line(20_000, 0.2), line(20_000, 0.01)];
      const words = uint16(a.map((bit, at) => 0x8000 * bit + 0x1000 * b[at] + c[at]));
      return plain({ source: raw(f, words, 'uint16', [null]) }, { unit: 'n.a.' });
    },
  ],
  [
    'eight lines, one per column',
    (f) => plain({ source: raw(f, Uint8Array.from(line(40_000, 0.1)), 'uint8', [null, 8]) }),
  ],
  [
    'codes of events, at irregular times',
    (f) => {
      let time = 0;
      const times = Float64Array.from({ length: 3000 }, (_, at) => (time += at % 4 ? random() : 0));
      const codes = int16(list(3000, () => Math.floor(60 * random())));
      return plain(
        { source: raw(f, codes, 'int16', [null]) },
        { unit: 'n.a.', timestamps: { source: raw(f, times, 'float64', [null]) } },
      );
    },
  ],
  [
    'codes in the upper byte',
    (f) =>
      plain(
        {
          source: raw(f, uint16(list(3000, () => 256 * Math.floor(60 * random()))), 'uint16', [
            null,
          ]),
        },
        { unit: 'n.a.' },
      ),
  ],
  [
    'video of 8 bits',
    (f) =>
      plain(
        { source: raw(f, Uint8Array.from(frames(50, 48, 255)), 'uint8', [null, 48, 48]) },
        { unit: 'n.a.', rate: 30 },
      ),
  ],
  [
    'video of 16 bits',
    (f) =>
      plain(
        { source: raw(f, uint16(frames(50, 48, 65_535)), 'uint16', [null, 48, 48]) },
        { unit: 'n.a.', rate: 30 },
      ),
  ],
  [
    'video of 12 bits in the upper bits',
    (f) =>
      plain(
        { source: raw(f, uint16(frames(50, 48, 4095), 16), 'uint16', [null, 48, 48]) },
        { unit: 'n.a.', rate: 30 },
      ),
  ],
  [
    'video of 8 bits in the upper bytes',
    (f) =>
      plain(
        { source: raw(f, uint16(frames(50, 48, 255), 256), 'uint16', [null, 48, 48]) },
        { unit: 'n.a.', rate: 30 },
      ),
  ],
  [
    'pixels of frames in one row',
    (f) =>
      plain(
        { source: raw(f, Uint8Array.from(frames(900, 24, 255)), 'uint8', [null, 576]) },
        { unit: 'n.a.', rate: 30 },
      ),
  ],
  [
    'an accelerometer',
    (f) =>
      plain(
        { source: raw(f, int16(walk(7000, 3, 40), 1, 9000), 'int16', [null, 3]) },
        { unit: 'm/s^2', conversion: 5e-4 },
      ),
  ],
  [
    'a tone in stereo',
    (f) => {
      const tone = int16(list(40_000, (at) => sine(7.3, 9000)(at >> 1)));
      return plain({ source: raw(f, tone, 'int16', [null, 2]) }, { unit: 'n.a.', rate: 44_100 });
    },
  ],
  [
    'ultrasonic calls',
    (f) => {
      const calls = int16(list(40_000, (at) => sine(4, 9000)(at) * sine(9000)(at) + 9 * gauss()));
      return plain({ source: raw(f, calls, 'int16', [null]) }, { unit: 'n.a.', rate: 250_000 });
    },
  ],
  [
    'a current of picoamperes',
    (f) =>
      plain(
        { source: raw(f, float32(walk(20_000, 1, 2e-13)), 'float32', [null]) },
        { unit: 'amperes', rate: 20_000 },
      ),
  ],
  [
    'magnetic fields of femtoteslas',
    (f) =>
      plain(
        { source: raw(f, float64(recordingOf(500, 64), 1e-15), 'float64', [null, 64]) },
        { unit: 'teslas' },
      ),
  ],
  [
    'probabilities',
    (f) => {
      const sharp = list(400 * 50, (at) => Math.exp(-(((at % 50) - 25) ** 2) / (0.2 + random())));
      return plain({ source: raw(f, float64(sharp), 'float64', [null, 50]) }, { unit: 'n.a.' });
    },
  ],
  [
    'a spectrogram',
    (f) => {
      const power = list(600 * 129, (at) => Math.exp(-(at % 129) / 30) * gauss() ** 2);
      return plain({ source: raw(f, float32(power), 'float32', [null, 129]) }, { unit: 'n.a.' });
    },
  ],
  [
    'fluorescence of 200 cells',
    (f) => {
      const cells = list(600 * 200, (at) => 100 + (at % 7) + 3 * gauss());
      return plain(
        { source: raw(f, float32(cells), 'float32', [null, 200]) },
        { unit: 'n.a.', rate: 30 },
      );
    },
  ],
  [
    'states, one of 20 at a time',
    (f) => {
      const states = list(3000 * 20, (at) => Number(at % 20 === Math.floor(at / 20 / 30) % 20));
      return plain(
        { source: raw(f, Uint8Array.from(states), 'uint8', [null, 20]) },
        { unit: 'n.a.' },
      );
    },
  ],
  [
    'positions of an encoder far from 0',
    (f) =>
      plain({ source: raw(f, int32(list(20_000, (at) => 1_040_000 + at * 3)), 'int32', [null]) }),
  ],
  [
    'numbers of frames as int64',
    (f) =>
      plain({
        source: raw(
          f,
          BigInt64Array.from(
            list(9000, (at) => at),
            BigInt,
          ),
          'int64',
          [null],
        ),
      }),
  ],
  [
    'analogue inputs of 10 volts',
    (f) =>
      plain(
        { source: raw(f, float64(list(20_000, sine(333, 10))), 'float64', [null]) },
        { unit: 'volts', rate: 30_000 },
      ),
  ],
  [
    'analogue inputs of 16 bits',
    (f) =>
      plain(
        {
          source: raw(f, int16(list(40_000, (at) => sine(999, 30_000)(at >> 1))), 'int16', [
            null,
            2,
          ]),
        },
        { unit: 'volts', conversion: 3e-4 },
      ),
  ],
];

const CASES = PLAUSIBLE.map(([name, make, channels = 1]): Case => ({ name, make, channels }));

test.each(CASES)('plan() has no warning of $name', async ({ make, channels }) => {
  const { warnings } = await planned(make, channels);
  expect(warnings).toEqual([]);
});

test('there are at least 50 plausible recordings', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(50);
});
