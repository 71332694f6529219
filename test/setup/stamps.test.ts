import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  failedLately,
  filesUnder,
  hashFiles,
  hashOf,
  openStamps,
  runStep,
  type Stamps,
  signature,
} from '../../scripts/setup/stamps.mjs';

let folder: string;
let stamps: Stamps;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hyperslab-stamps-'));
  stamps = openStamps(join(folder, '.setup'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('openStamps', () => {
  test('returns a stamp until it is cleared', () => {
    expect(stamps.read('step')).toBeUndefined();
    stamps.write('step', { key: 'a' });
    expect(stamps.read('step')).toEqual({ key: 'a' });
    stamps.clear('step');
    expect(stamps.read('step')).toBeUndefined();
  });

  test.each(['', '{"key":', 'null', '3'])('treats the broken stamp %j as missing', async (text) => {
    await mkdir(join(folder, '.setup'));
    await writeFile(join(folder, '.setup/step.json'), text);
    expect(stamps.read('step')).toBeUndefined();
  });
});

describe('runStep', () => {
  const step = (key: string, outputs: string[] = [], work = () => {}) =>
    runStep(stamps, { name: 'step', key, outputs, work });

  test('runs a step once for each key', () => {
    expect(step('a')).toBe(true);
    expect(step('a')).toBe(false);
    expect(step('b')).toBe(true);
    expect(step('a')).toBe(true);
  });

  test('runs a step again if an output is missing', async () => {
    const output = join(folder, 'output');
    await writeFile(output, '');
    expect(step('a', [output])).toBe(true);
    expect(step('a', [output])).toBe(false);
    await rm(output);
    expect(step('a', [output])).toBe(true);
  });

  test('runs a failed step again, even with the key of an earlier success', () => {
    expect(step('a')).toBe(true);
    const fail = () => {
      throw new Error('no luck');
    };
    expect(() => step('b', [], fail)).toThrow('no luck');
    expect(step('a')).toBe(true);
  });
});

describe('hashFiles', () => {
  const hash = () => hashFiles(folder, filesUnder(folder));

  test('changes with contents and names, and not with times', async () => {
    await mkdir(join(folder, 'deep/er'), { recursive: true });
    await writeFile(join(folder, 'one'), '1');
    await writeFile(join(folder, 'deep/er/two'), '2');
    const before = hash();
    await utimes(join(folder, 'one'), 1, 1);
    expect(hash()).toBe(before);

    const seen = new Set([before]);
    await writeFile(join(folder, 'deep/er/two'), '3');
    seen.add(hash());
    await writeFile(join(folder, 'three'), '');
    seen.add(hash());
    await rm(join(folder, 'one'));
    seen.add(hash());
    expect(seen.size).toBe(4);
  });

  test('distinguishes files whose concatenated contents are equal', async () => {
    await writeFile(join(folder, 'a'), 'xb');
    await writeFile(join(folder, 'b'), 'y');
    const before = hash();
    await writeFile(join(folder, 'a'), 'x');
    await writeFile(join(folder, 'b'), 'by');
    expect(hash()).not.toBe(before);
  });

  test('does not depend on the order of the paths', async () => {
    await writeFile(join(folder, 'a'), '1');
    await writeFile(join(folder, 'b'), '2');
    const paths = filesUnder(folder);
    expect(hashFiles(folder, [...paths].reverse())).toBe(hashFiles(folder, paths));
  });
});

test('filesUnder returns the files that pass, and none of a missing folder', async () => {
  await mkdir(join(folder, 'src/cli'), { recursive: true });
  await writeFile(join(folder, 'src/cli/main.ts'), '');
  await writeFile(join(folder, 'src/cli/main.c'), '');
  const keep = (path: string) => path.endsWith('.ts');
  expect(filesUnder(join(folder, 'src'), keep)).toEqual([join(folder, 'src/cli/main.ts')]);
  expect(filesUnder(join(folder, 'none'))).toEqual([]);
});

test('signature changes with size and time, and if the file is deleted', async () => {
  const path = join(folder, 'lib.so');
  await writeFile(path, 'one');
  const before = signature(path);
  await utimes(path, 1, 1);
  expect(signature(path)).not.toBe(before);
  await rm(path);
  expect(signature(path)).toBe('absent');
});

test('failedLately holds for an hour after a failure with the same inputs', () => {
  const stamp = { key: hashOf('inputs'), failedAt: 1_000_000 };
  expect(failedLately(stamp, hashOf('inputs'), 1_000_001)).toBe(true);
  expect(failedLately(stamp, hashOf('other'), 1_000_001)).toBe(false);
  expect(failedLately(stamp, hashOf('inputs'), 1_000_000 + 3_600_000)).toBe(false);
  expect(failedLately({ key: hashOf('inputs') }, hashOf('inputs'))).toBe(false);
  expect(failedLately(undefined, hashOf('inputs'))).toBe(false);
});
