import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeInterop } from '../support/python.js';
import { compiledExamples } from './run.js';
import { seenSeries } from './series.js';

describeInterop('pushed data', () => {
  const examples = compiledExamples();
  const { folder } = examples;

  test('live: blocks out of one buffer, flushed once a second', async () => {
    const ran = await examples.run('live', '2.1', folder);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('30000 samples are safe\n60000 samples are safe\n');
    // The second chunk was rewritten, because it was half full at the first flush; the last one ended with the second flush.
    expect(ran.stdout).toContain('63000 samples of 64 channels, chunks rewritten: 1\n');
    expect(await seenSeries(join(folder, 'live.nwb'), 'sawtooth', 'sawtooth', '63000')).toEqual({
      shape: [63_000, 64],
      maxshape: [null, 64],
      chunks: [20_000, 64],
      dtype: 'int16',
      compression: 'gzip',
      error: 0,
      validation: [],
    });
  });
});
