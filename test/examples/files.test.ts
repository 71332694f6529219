import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeInterop } from '../support/python.js';
import { compiledExamples } from './run.js';
import { seenSeries } from './series.js';

describeInterop('data in files', () => {
  const examples = compiledExamples();
  const { folder } = examples;

  test('large-binary-array: both ways give the values of the recording', async () => {
    const ran = await examples.run('large-binary-array', '5', folder);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout.match(/all values match/g)).toHaveLength(2);
    for (const way of ['source', 'iterator']) {
      const path = join(folder, `large-by-${way}.nwb`);
      expect(await seenSeries(path, 'waves', 'raw', join(folder, 'large.bin'))).toEqual({
        shape: [39_062, 64],
        maxshape: [39_062, 64],
        chunks: [32_768, 64],
        dtype: 'int16',
        compression: 'gzip',
        error: 0,
        validation: [],
      });
    }
  });

  test('large-binary-array: a recording of another size is made again', async () => {
    const ran = await examples.run('large-binary-array', '1', folder);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const path = join(folder, 'large-by-iterator.nwb');
    const seen = await seenSeries(path, 'waves', 'raw', join(folder, 'large.bin'));
    expect(seen).toMatchObject({ shape: [7812, 64], error: 0 });
  });

  test.each([
    ['source', '70000', [52_428, 10]],
    ['iterator', '70000', [65_536, 1]],
    ['iterator', '100', [100, 1]],
  ])('one-file-per-channel by %s: %s samples of ten files', async (way, samples, chunks) => {
    const ran = await examples.run('one-file-per-channel', samples, folder);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout.match(/all values match/g)).toHaveLength(2);
    const files = Array.from({ length: 10 }, (_, channel) =>
      join(folder, 'channels', `channel-${channel}.bin`),
    );
    const path = join(folder, `channels-by-${way}.nwb`);
    expect(await seenSeries(path, 'ramps', 'columns', ...files)).toEqual({
      shape: [Number(samples), 10],
      maxshape: [Number(samples), 10],
      chunks,
      dtype: 'float64',
      compression: 'gzip',
      error: 0,
      validation: [],
    });
  });
});
