import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { convert, OutputError, recover, resume } from '../../../src/index.js';
import { hyperslab } from '../../cli/run.js';
import { BUILT, startChild } from '../../support/child.js';
import { test } from '../../support/fixtures.js';
import { CHUNKS, expectWhole, leftOf } from '../../support/interrupted.js';
import { listing, rejection } from '../../support/recordings.js';

test('while one process converts, others are refused; once it was killed, another can resume', async ({
  recording: { folder, path, what, models },
}) => {
  const { partial, journal } = leftOf(path);
  const child = startChild(`
    import { convert } from ${JSON.stringify(BUILT.index)};
    let said = false;
    const onProgress = ({ chunksDone }) => {
      if (said || chunksDone < ${CHUNKS / 2}) return;
      said = true;
      say('running');
      // Stops all threads of this process.
      process.kill(process.pid, 'SIGSTOP');
    };
    convert(${JSON.stringify(what)}, { workers: 2, onProgress });
    await proceed();`);
  onTestFinished(() => child.kill('SIGKILL'));
  expect(await child.line()).toBe('running');
  await child.stopped();
  const before = [readFileSync(partial), readFileSync(journal)];
  for (const act of [
    () => convert(what),
    () => convert(what, { resume: true }),
    () => convert(what, { overwrite: true }),
    () => resume(path),
    () => recover(path, { incomplete: true }),
  ]) {
    const error = await rejection(act());
    expect(error).toBeInstanceOf(OutputError);
    expect((error as Error).message).toBe(
      `${path} is being converted by another process, or by this one (${journal} is locked); wait until that one has ended, or choose another path`,
    );
  }
  for (const command of ['resume', 'recover']) {
    const { code, stdout, stderr } = await hyperslab([command, path], folder);
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toMatch(
      /^error: [^\n]* is being converted by another process, or by this one [^\n]* is locked\); wait until that one has ended, or choose another path\n$/,
    );
  }
  expect([readFileSync(partial), readFileSync(journal)]).toEqual(before);
  child.kill('SIGKILL');
  expect(await child.end()).toBe('SIGKILL');

  const { chunksRestored } = await resume(path, { workers: 2 });
  expect(chunksRestored).toBeGreaterThanOrEqual(CHUNKS / 2);
  expect(listing(folder)).toEqual(['a.nwb', 'packed.bin', 'raw.bin']);
  await expectWhole(path, models);
});

test('if two resume at the same time, one of them is refused', async ({
  recording: { folder, path, what, models },
}) => {
  const child = startChild(`
    import { convert } from ${JSON.stringify(BUILT.index)};
    const onProgress = ({ chunksDone }) => {
      if (chunksDone > 10) process.kill(process.pid, 'SIGKILL');
    };
    await convert(${JSON.stringify(what)}, { workers: 2, onProgress });`);
  expect(await child.end()).toBe('SIGKILL');
  const both = await Promise.allSettled([resume(path, { workers: 1 }), resume(path)]);
  const failed = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(failed).toEqual([expect.any(OutputError)]);
  await expectWhole(path, models);
  expect(existsSync(join(folder, 'a.nwb.journal'))).toBe(false);
});
