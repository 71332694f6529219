import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  convert,
  type Description,
  NwbError,
  plan,
  resume,
  type SourceSpec,
  verify,
} from '../../src/index.js';
import { interrupt } from '../support/interrupted.js';
import {
  description,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeModule,
  writeRaw,
  zeros,
} from '../support/recordings.js';

const ROWS = 4000;
const TIMES = '/acquisition/x/timestamps';

/** A recording whose times are sample numbers, three apart. */
function recording() {
  const folder = tempFolder();
  const items = zeros('int64', ROWS) as BigInt64Array;
  for (let at = 0; at < ROWS; at++) items[at] = BigInt(5 + 3 * at);
  const numbers = writeRaw(folder, 'samples.bin', { dtype: 'int64', shape: [ROWS], items });
  const source = writeRaw(folder, 'x.bin', waves([ROWS, 1]));
  const path = join(folder, 'a.nwb');
  const withTimes = (times: { scale?: number | string; offset?: number }): Description => {
    const timestamps = { source: numbers, chunks: [100], ...times };
    return description(path, [timeSeries('x', { source, chunks: [100, 1] }, { timestamps })]);
  };
  const expected = (of: (number: number) => number) =>
    Float64Array.from(items, (number) => of(Number(number)));
  return { folder, path, source, withTimes, expected };
}

test('sample numbers become seconds, and are verified as seconds', async () => {
  const { path, withTimes, expected } = recording();
  const what = withTimes({ scale: '1/30000', offset: 12.5 });
  const { warnings, datasets } = await convert(what, { workers: 1 });
  expect(warnings.filter((line) => line.includes('timestamps'))).toEqual([]);
  expect(datasets[1]).toMatchObject({ path: TIMES, dtype: 'float64' });
  expect(readBack(path, TIMES).data).toEqual(expected((number) => number / 30000 + 12.5));
  expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
  const other = await verify(path, withTimes({ scale: 1 / 30000, offset: 12.5 }), { workers: 1 });
  expect(other.datasets.find((one) => one.path === TIMES)?.equal).toBe(false);
});

test('an interrupted conversion continues with the same scale, and refuses another', async () => {
  const { path, withTimes, expected } = recording();
  const what = withTimes({ scale: 1e-6 });
  await interrupt(what, 20, { workers: 1 });
  const error = await rejection(convert(withTimes({ scale: 1e-3 }), { resume: true, workers: 1 }));
  expect((error as Error).message).toContain(
    `the source of ${TIMES} is now {"scale":0.001} and was {"scale":0.000001}`,
  );
  expect((await resume(path, { workers: 1 })).chunksRestored).toBeGreaterThan(0);
  expect(readBack(path, TIMES).data).toEqual(expected((number) => number * 1e-6));
});

test('a warning reports times that are not ascending in seconds', async () => {
  const { withTimes } = recording();
  const { warnings } = await convert(withTimes({ offset: -6 }), { workers: 1 });
  expect(warnings).toContain(`${TIMES}: timestamps are negative (1 of ${ROWS}, at index 0: -1)`);
});

test('integers without a scale are refused, with advice', async () => {
  const { withTimes } = recording();
  const error = await rejection(plan(withTimes({})));
  expect(error).toBeInstanceOf(NwbError);
  expect((error as Error).message).toBe(
    "Expected float64 (seconds) for acquisition/x/timestamps but received int64 (give a scale beside the source, such as 1e-6 or '1/30000' seconds)",
  );
});

test.each([0, -1, '1/0', '30000', '1/-3', 'fast'])('the scale %o is refused', async (scale) => {
  const { withTimes } = recording();
  const shown = typeof scale === 'string' ? `'${scale}'` : scale;
  expect(((await rejection(plan(withTimes({ scale })))) as Error).message).toBe(
    `Expected a number greater than 0, or a fraction such as '1/30000', for acquisition[0].timestamps.scale but received ${shown}`,
  );
});

test('modules that give scaled timestamps are refused when a journal names them', async () => {
  const { folder, path, source } = recording();
  const text = `export const open = () => ({
    dtype: 'int32', shape: [${ROWS}], read: ([from], [rows]) => Int32Array.from({ length: rows }, (_, i) => from + i),
  });`;
  const times: SourceSpec = writeModule(folder, 'times.mjs', text);
  const timestamps = { source: times, scale: 0.001, chunks: [100] };
  const what = description(path, [timeSeries('x', { source, chunks: [100, 1] }, { timestamps })]);
  await interrupt(what, 20, { workers: 1 });
  const error = await rejection(resume(path, { modules: false, workers: 1 }));
  expect((error as Error).message).toContain(`received the module ${join(folder, 'times.mjs')}`);
});
