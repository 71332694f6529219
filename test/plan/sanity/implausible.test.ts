import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { electrical, GAIN, plain, planned, raw, type Series, written } from './planned.js';
import {
  bytesOf,
  float32,
  float64,
  int16,
  int32,
  recordingOf,
  swapped,
  transposed,
  uint16,
} from './signals.js';

type Case = readonly [
  name: string,
  make: (folder: string) => Series,
  expected: RegExp,
  channels: number,
];

const ROWS = 2048;
const shared = recordingOf(ROWS, 32);
const wide = recordingOf(768, 385);

/** A file of zeros that takes no space. */
function sparse(folder: string, bytes: number): string {
  const path = join(folder, 'sparse.bin');
  const descriptor = openSync(path, 'w');
  ftruncateSync(descriptor, bytes);
  closeSync(descriptor);
  return path;
}

function times(make: (at: number) => number): Float64Array {
  return Float64Array.from({ length: ROWS }, (_, at) => make(at));
}

const headed = (header: Buffer, data: ArrayBufferView) => Buffer.concat([header, bytesOf(data)]);
const source32 = (folder: string) => ({
  source: raw(folder, int16(shared), 'int16', [null, 32]),
});

const CASES: readonly Case[] = [
  [
    'a rate in kHz',
    (folder) => electrical(source32(folder), { rate: 30 }),
    /^\/acquisition\/x: rate 30 Hz for an ElectricalSeries of 68.3 s, .*: is the rate in kHz\?$/,
    32,
  ],
  [
    'a rate of field potentials in kHz',
    (folder) => electrical(source32(folder), { rate: 2.5 }),
    /rate 2\.5 Hz .* is the rate in kHz\?/,
    32,
  ],
  [
    'a rate above 10 MHz',
    (folder) => electrical(source32(folder), { rate: 30_000_000 }),
    /rate 30000000 Hz is above 10 MHz/,
    32,
  ],
  [
    'a duration of more than 7 days',
    (folder) => {
      const path = sparse(folder, 2 * 100 * 86_400 * 8);
      return electrical(
        { source: { type: 'raw', path, dtype: 'int16', shape: [null] } },
        { rate: 100 },
      );
    },
    /rate 100 Hz makes 8 days, more than 7 days: is the rate in kHz\?/,
    1,
  ],
  [
    'a large file of less than a second',
    (folder) => {
      const path = sparse(folder, 2 ** 26);
      const source = { type: 'raw', path, dtype: 'int16', shape: [null, 32] } as const;
      return plain({ source: { ...source, shape: [null, 32] } }, { rate: 3_000_000 });
    },
    /makes 0\.35 s of 1048576 samples, under a second/,
    1,
  ],
  [
    'microvolts as volts',
    (folder) =>
      electrical(
        { source: raw(folder, float32(shared, 2.3), 'float32', [null, 32]) },
        { conversion: 1 },
      ),
    /values are -\d+ to \d+ V, RMS \d+(\.\d)? V, .* are the data in microvolts/,
    32,
  ],
  [
    'a conversion in microvolts per count',
    (folder) => electrical(source32(folder), { conversion: 2.34375 }),
    /V, .* is conversion 2\.34375 in volts per unit of the data\?/,
    32,
  ],
  [
    'a conversion that is applied twice',
    (folder) => electrical({ source: raw(folder, float32(shared, GAIN), 'float32', [null, 32]) }),
    /where noise alone is some microvolts: is the conversion 0\.00000234375 applied already/,
    32,
  ],
  [
    'a missing offset of offset-binary data',
    (folder) =>
      electrical({ source: raw(folder, uint16(shared, 1, 32_768), 'uint16', [null, 32]) }),
    /uint16 data have their mean at 32800, and offset is 0/,
    32,
  ],
  [
    'int32 for int16',
    (folder) => electrical({ source: raw(folder, int16(shared), 'int32', [null, 16]) }),
    /the data look like int16, read as int32: is dtype 'int16'\?/,
    16,
  ],
  [
    'int16 for int32',
    (folder) => electrical({ source: raw(folder, int32(shared), 'int16', [null, 32]) }),
    /the data look like int32, read as int16/,
    32,
  ],
  [
    'int16 for float32',
    (folder) => electrical({ source: raw(folder, float32(shared, GAIN), 'int16', [null, 32]) }),
    /the data look like float32, read as int16/,
    32,
  ],
  [
    'int32 for float32',
    (folder) => electrical({ source: raw(folder, float32(shared), 'int32', [null, 32]) }),
    /the data look like float32, read as int32/,
    32,
  ],
  [
    'float32 for int16',
    (folder) => electrical({ source: raw(folder, int16(shared), 'float32', [null, 16]) }),
    /the data look like int16, read as float32/,
    16,
  ],
  [
    'float32 for int32',
    (folder) => electrical({ source: raw(folder, int32(shared), 'float32', [null, 32]) }),
    /the data look like int32, read as float32/,
    32,
  ],
  [
    'float32 for float64',
    (folder) => electrical({ source: raw(folder, float64(shared, GAIN), 'float32', [null, 32]) }),
    /the data look like float64, read as float32/,
    32,
  ],
  [
    'float64 for float32',
    (folder) => electrical({ source: raw(folder, float32(shared, GAIN), 'float64', [null, 32]) }),
    /the data look like float32, read as float64/,
    32,
  ],
  [
    'uint16 for int16',
    (folder) =>
      electrical(
        { source: raw(folder, int16(shared), 'uint16', [null, 32]) },
        { offset: -32_768 * GAIN },
      ),
    /the data look like int16, read as uint16/,
    32,
  ],
  [
    'int16 for uint16',
    (folder) => electrical({ source: raw(folder, uint16(shared, 1, 32_768), 'int16', [null, 32]) }),
    /the data look like uint16, read as int16/,
    32,
  ],
  [
    'big-endian int16 as little-endian',
    (folder) => electrical({ source: raw(folder, swapped(int16(shared)), 'int16', [null, 32]) }),
    /with the bytes in big-endian order, the data are smooth: is endian 'big'\?/,
    32,
  ],
  [
    'little-endian int16 as big-endian',
    (folder) =>
      electrical({ source: raw(folder, int16(shared), 'int16', [null, 32], { endian: 'big' }) }),
    /with the bytes in little-endian order, the data are smooth: is endian 'little'\?/,
    32,
  ],
  [
    'big-endian int32 as little-endian',
    (folder) =>
      electrical({ source: raw(folder, swapped(int32(shared, 100)), 'int32', [null, 32]) }),
    /is endian 'big'\?/,
    32,
  ],
  [
    'big-endian float32 as little-endian',
    (folder) =>
      electrical({ source: raw(folder, swapped(float32(shared, GAIN)), 'float32', [null, 32]) }),
    /is endian 'big'\?/,
    32,
  ],
  [
    '77 of 385 channels',
    (folder) => electrical({ source: raw(folder, int16(wide), 'int16', [null, 77]) }),
    /: 385 columns would fit$/,
    77,
  ],
  [
    '384 for 385 channels',
    (folder) => electrical({ source: raw(folder, int16(wide), 'int16', [null, 384]) }),
    /the data are \d+(\.\d)? times smoother with 385 columns than with 384: 385 columns would fit$/,
    384,
  ],
  [
    '385 for 384 channels, of which the last is left out',
    (folder) => {
      const data = int16(recordingOf(770, 384));
      return electrical({ source: raw(folder, data, 'int16', [null, 385], { columns: '0:384' }) });
    },
    /: 384 columns would fit$/,
    384,
  ],
  [
    '16 for 32 channels',
    (folder) => electrical({ source: raw(folder, int16(shared), 'int16', [null, 16]) }),
    /: 32 columns would fit$/,
    16,
  ],
  [
    'data that are stored channel by channel',
    (folder) =>
      electrical({ source: raw(folder, transposed(int16(shared), 32), 'int16', [null, 32]) }),
    /neighbouring items belong to one channel, .* is order 'F'/,
    32,
  ],
  [
    'order F of data that are stored sample by sample',
    (folder) =>
      electrical({ source: raw(folder, int16(shared), 'int16', [null, 32], { order: 'F' }) }),
    /is order 'C', with all channels of a sample after each other\?/,
    32,
  ],
  [
    'an offset that is a byte too small',
    (folder) => {
      const data = Buffer.concat([Buffer.alloc(257, 9), bytesOf(int16(shared)), Buffer.alloc(63)]);
      return electrical({ source: raw(folder, data, 'int16', [null, 32], { offset: 256 }) });
    },
    /from byte 257 of .* on, the data are smooth: is offset 257\?/,
    32,
  ],
  [
    'a header of text that is not skipped',
    (folder) => {
      const text = 'Recorded with amplifier A, 32 channels, gain 500, in the dark room. '.padEnd(
        256,
      );
      const data = headed(Buffer.from(text), int16(shared));
      return electrical({ source: raw(folder, data, 'int16', [null, 32]) });
    },
    /byte 0 of .* begins a text, not int16 data: set offset/,
    32,
  ],
  [
    'a .npy file as raw',
    (folder) => {
      const header = Buffer.from(`\x93NUMPY\x01\0${'{ }'.padEnd(120)}`, 'latin1');
      return electrical({
        source: raw(folder, headed(header, int16(shared)), 'int16', [null, 32]),
      });
    },
    /begins like a \.npy file: .* type 'npy'/,
    32,
  ],
  [
    'timestamps that count samples',
    (folder) => {
      const source = raw(
        folder,
        times((at) => at),
        'float64',
        [null],
      );
      return electrical(source32(folder), { timestamps: { source } });
    },
    /timestamps: all sampled timestamps are whole numbers/,
    32,
  ],
  [
    'timestamps that are rounded',
    (folder) => {
      const source = raw(
        folder,
        times((at) => Math.round(at / 30) / 1000),
        'float64',
        [null],
      );
      return electrical(source32(folder), { timestamps: { source } });
    },
    /timestamps: 96\.\d % of the sampled timestamps repeat the one before/,
    32,
  ],
  [
    'timestamps that fall',
    (folder) => {
      const source = raw(
        folder,
        times((at) => (at % 1000) / 1000),
        'float64',
        [null],
      );
      return electrical(source32(folder), { timestamps: { source } });
    },
    /timestamps: timestamps are not ascending \(2 of 2048, the first at index 1000: 0 after 0\.999\)/,
    32,
  ],
  [
    'many values that are not numbers',
    (folder) => {
      const data = float32(shared, GAIN).map((value, at) => (at % 20 === 0 ? Number.NaN : value));
      return electrical({ source: raw(folder, data, 'float32', [null, 32]) }, { conversion: 1 });
    },
    /5\.0 % of the sampled values are NaN or infinite/,
    32,
  ],
  [
    'a saturated amplifier',
    (folder) => {
      const data = int16(shared).map((value, at) => (at % 2000 < 100 ? 32_767 : value));
      return electrical({ source: raw(folder, data, 'int16', [null, 32]) });
    },
    /5\.\d % of the sampled values are -32768 or 32767, the limits of int16/,
    32,
  ],
  [
    'channels that are constant or zero',
    (folder) => {
      const data = int16(shared).map((value, at) =>
        at % 32 === 3 ? 0 : at % 32 === 5 || at % 32 === 9 ? 7 : value,
      );
      return electrical({ source: raw(folder, data, 'int16', [null, 32]) });
    },
    /in a sample, channel 3 is all zero, and 2 of 32 channels \(5, 9\) are constant$/,
    32,
  ],
  [
    'very many small chunks',
    (folder) => electrical({ ...source32(folder), chunks: [8, 4] }),
    /x\/data: chunks of \[8, 4\] have 64 B, and there are 2048;/,
    32,
  ],
  [
    'chunks that are too large',
    (folder) => {
      const path = sparse(folder, 2 ** 28);
      const source = { type: 'raw', path, dtype: 'int16', shape: [null, 32] } as const;
      return plain(
        { source: { ...source, shape: [null, 32] }, chunks: [2 ** 21, 32], compression: null },
        { rate: 30_000 },
      );
    },
    /x\/data: chunks of \[2097152, 32\] have 128 MiB; readers decode a whole chunk/,
    1,
  ],
];

test.each(CASES)('plan() warns of %s, and of nothing else', async (_, make, expected, channels) => {
  const { warnings } = await planned(make, channels);
  expect(warnings.filter((line) => !/all zero$/.test(line) || expected.test(line))).toEqual([
    expect.stringMatching(expected),
  ]);
});

test('a file that can not be read gives no warning of its own', async () => {
  const { warnings, series } = await planned((folder) => {
    const path = written(folder, int16(shared));
    return electrical({ source: { type: 'raw', path, dtype: 'int16', shape: [null, 32] } });
  }, 32);
  expect(warnings).toEqual([]);
  expect(series).toHaveLength(1);
});
