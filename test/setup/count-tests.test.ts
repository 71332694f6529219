import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/count-tests.mjs', import.meta.url));

async function count(results: unknown) {
  const folder = await mkdtemp(join(tmpdir(), 'hyperslab-count-'));
  try {
    const path = join(folder, 'results.json');
    if (results !== undefined) await writeFile(path, JSON.stringify(results));
    const { status, stdout } = spawnSync(process.execPath, [SCRIPT, path], { encoding: 'utf8' });
    return { status, stdout };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((outcome) => ({ status: outcome })),
});

test('counts the tests of all files, in one line', async () => {
  const files = [file('passed', 'passed', 'passed', 'pending'), file('passed', 'todo', 'skipped')];
  expect(await count({ testResults: files })).toEqual({
    status: 0,
    stdout: '2 passed, 0 failed, 3 skipped\n',
  });
});

test('counts a file that broke before its tests as one failed test', async () => {
  const files = [file('failed', 'passed', 'failed', 'failed'), file('failed')];
  expect(await count({ testResults: files })).toEqual({
    status: 1,
    stdout: '1 passed, 3 failed, 0 skipped\n',
  });
});

test('fails if there are no results', async () => {
  expect(await count(undefined)).toEqual({ status: 1, stdout: '0 passed, 1 failed, 0 skipped\n' });
});
