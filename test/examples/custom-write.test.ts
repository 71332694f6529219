import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeInterop, runPython } from '../support/python.js';
import { compiledExamples } from './run.js';

const SCRIPT = fileURLToPath(new URL('custom_write.py', import.meta.url));

const row = (item: string) => Array(10).fill(item).join(' ');
const rows = (ones: string, twos: string, rest: string) =>
  [ones, ones, ones, twos, twos, twos, rest, rest].map(row);

const PRINTED = [
  'before: shape [0, 10], maxshape [null, 10]',
  'after: shape [8, 10]',
  ...rows('1', '2', 'NaN').map((line) => `  ${line}`),
];

const SEEN = {
  maxshape: [null, 10],
  chunks: [131_072, 2],
  fillvalue: 'nan',
  rows: rows('1.0', '2.0', 'nan'),
  validation: [],
};

describeInterop('custom-write', () => {
  const examples = compiledExamples();
  const { folder } = examples;

  test('writes into a dataset that convert made', async () => {
    const path = join(folder, 'custom-write.nwb');
    expect(await examples.run('custom-write', folder)).toEqual({
      code: 0,
      stdout: [...PRINTED, `wrote ${path}\n`].join('\n'),
      stderr: '',
    });
    expect(await runPython(SCRIPT, ['read', path])).toEqual({ ...SEEN, compression: 'gzip' });
  });

  test.each([
    ['gzip', 'gzip'],
    ['none', null],
  ])('writes into a dataset that PyNWB made (%s)', async (filter, compression) => {
    const path = join(folder, `pynwb-${filter}.nwb`);
    await runPython(SCRIPT, ['make', path, filter]);
    expect(await examples.run('custom-write', folder, path)).toEqual({
      code: 0,
      stdout: [...PRINTED, `wrote ${path}\n`].join('\n'),
      stderr: '',
    });
    expect(await runPython(SCRIPT, ['read', path])).toEqual({ ...SEEN, compression });
  });
});
