import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeInterop } from '../support/python.js';
import { compiledExamples } from './run.js';
import { seenSeries } from './series.js';

describeInterop('streamed data', () => {
  const examples = compiledExamples();
  const { folder } = examples;

  test('generator: the file has all rows of ten channels that came', async () => {
    const ran = await examples.run('generator', '2345', folder);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain(
      'before: maxshape [null, 10], begins with [1000, 10], float64\n' +
        'after: shape [2345, 10], maxshape [null, 10]',
    );
    const seen = await seenSeries(join(folder, 'generator.nwb'), 'waves', 'waves', '2345');
    expect(seen).toMatchObject({
      shape: [2345, 10],
      maxshape: [null, 10],
      dtype: 'float64',
      compression: 'gzip',
      validation: [],
    });
    // The sines of two libraries differ slightly.
    expect(seen.error).toBeLessThan(1e-9);
  });

  test('stream: packets that end anywhere, in chunks of half a second', async () => {
    const ran = await examples.run('stream', '0.7', folder);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('2688000 bytes received, chunks written: 2\n');
    expect(await seenSeries(join(folder, 'stream.nwb'), 'sawtooth', 'sawtooth', '21000')).toEqual({
      shape: [21_000, 64],
      maxshape: [null, 64],
      chunks: [15_000, 64],
      dtype: 'int16',
      compression: 'gzip',
      error: 0,
      validation: [],
    });
  });
});
