import { join } from 'node:path';
import { expect } from 'vitest';
import { type ConversionStart, convert, DataWriter, ndarray } from '../../../src/index.js';
import { test } from '../../support/fixtures.js';
import { description, listing, rejection, timeSeries } from '../../support/recordings.js';
import { electrical, plain, planned, raw } from './planned.js';

test('a summary has duration, channels, range and RMS in the unit of the series', async () => {
  const { series } = await planned((folder) => {
    const source = raw(folder, Int16Array.of(1, 10, -3, 20, 2, 0), 'int16', [null, 2]);
    const fields = { conversion: 0.5, offset: 1, channelConversion: [2, -1], rate: 4 };
    return electrical({ source }, fields);
  }, 2);
  // Channel 0: 1 x + 1 = 2, -2, 3. Channel 1: -0.5 x + 1 = -4, -9, 1.
  const rms = Math.sqrt((4 + 4 + 9 + 16 + 81 + 1) / 6);
  expect(series).toEqual([
    {
      ...{ path: '/acquisition/x', seconds: 0.75, sampleShape: [2], channels: 2, unit: 'volts' },
      ...{ min: -9, max: 3, rms: expect.closeTo(rms, 12) },
    },
  ]);
});

test('values that are not finite are left out of the range', async () => {
  const items = Float64Array.of(Number.NaN, 3, Number.POSITIVE_INFINITY, -4);
  const { series } = await planned((folder) =>
    plain({ source: raw(folder, items, 'float64', [null]) }),
  );
  expect(series).toMatchObject([{ min: -4, max: 3, rms: Math.sqrt(12.5), channels: 1 }]);
});

test('the duration of a series with timestamps is that from the first to the last', async () => {
  const { series } = await planned((folder) => {
    const times = Float64Array.from({ length: 50_000 }, (_, at) => 7 + at / 1000);
    const timestamps = { source: raw(folder, times, 'float64', [null]) };
    return plain(ndarray(new Int32Array(50_000).fill(3)), { timestamps });
  });
  expect(series).toMatchObject([{ seconds: expect.closeTo(49.999, 9), min: 3, max: 3, rms: 3 }]);
});

test('images have more than one axis per sample, and a middle part is sampled', async () => {
  const { series, warnings } = await planned((folder) => {
    const frames = new Uint8Array(400 * 100 * 310).fill(9);
    const source = raw(folder, frames, 'uint8', [null, 100, 310]);
    return plain({ source }, { rate: 40 });
  });
  expect(series).toMatchObject([
    { sampleShape: [100, 310], channels: 31_000, seconds: 10, min: 9, max: 9, rms: 9 },
  ]);
  expect(warnings).toEqual([]);
});

test('iterators are not sampled', async () => {
  const { series } = await planned(() =>
    plain(new DataWriter({ dtype: 'int16', maxshape: [null, 4] }) as never),
  );
  expect(series).toMatchObject([{ seconds: null, channels: 4, min: null, max: null, rms: null }]);
});

test('the report has the same series, and onStart is called before anything is written', async ({
  folder,
}) => {
  const starts: ConversionStart[] = [];
  const what = description(join(folder, 'a.nwb'), [timeSeries('x', [1, 2, 3])]);
  const onStart = (start: ConversionStart) => {
    expect(listing(folder)).not.toContain('a.nwb.partial');
    starts.push(start);
  };
  const { series, warnings } = await convert(what, { workers: 1, onStart });
  expect(series).toMatchObject([{ path: '/acquisition/x', min: 1, max: 3 }]);
  expect(starts).toEqual([{ series, warnings }]);
});

test('an error thrown by onStart stops the conversion, and leaves no file', async ({ folder }) => {
  const what = description(join(folder, 'a.nwb'), [timeSeries('x', [1, 2, 3])]);
  const problem = new Error('not these data');
  const onStart = () => {
    throw problem;
  };
  expect(await rejection(convert(what, { workers: 1, onStart }))).toBe(problem);
  expect(listing(folder)).toEqual([]);
});
