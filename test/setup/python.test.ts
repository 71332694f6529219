import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeInterop, python, readPython, runPython, tool } from '../support/python.js';

async function withFile(text: string, use: (path: string) => Promise<void> | void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperslab-python-'));
  try {
    const path = join(folder, 'file');
    await writeFile(path, text);
    await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test.each([
  { available: true, path: '/checkout/.venv/bin/python' },
  { available: false, reason: 'PyPI could not be reached' },
])('readPython returns what the set-up wrote: %j', async (state) => {
  await withFile(JSON.stringify(state), (path) => expect(readPython(path)).toEqual(state));
});

test.each(['', '{"available":true}', '[]'])('readPython treats %j as missing', async (text) => {
  await withFile(text, (path) => expect(readPython(path).available).toBe(false));
});

test('readPython says what to run if nothing was set up', () => {
  const reason = expect.stringContaining('npm run setup -- --python');
  expect(readPython('/nowhere/python.json')).toEqual({ available: false, reason });
});

test('tool gives the reason why a program is missing', () => {
  const reason = expect.stringContaining('no-such-reader is not installed');
  expect(tool('no-such-reader')).toEqual({ available: false, reason });
});

describeInterop(
  'runPython',
  () => {
    const script = `
import json, sys
if len(sys.argv) < 2:
    sys.exit('no argument')
print(json.dumps([sys.argv[1:], sys.stdin.read()]) if sys.argv[1] != 'text' else 'words')
`;

    test('passes arguments and input, and returns the JSON', () =>
      withFile(script, async (path) => {
        const stdin = 'Zeit ⏱\n';
        expect(await runPython(path, ['a', 'b c'], { stdin })).toEqual([['a', 'b c'], stdin]);
        expect(await runPython(path, ['a'])).toEqual([['a'], '']);
      }));

    test('fails with the output of the script', () =>
      withFile(script, async (path) => {
        await expect(runPython(path)).rejects.toThrow(/to exit with 0 but received 1: no argument/);
        await expect(runPython(path, ['text'])).rejects.toThrow(/JSON from .* "words/);
      }));

    test('fails with the traceback of an error', () =>
      withFile('def check():\n    return 1 / 0\n\ncheck()', (path) =>
        expect(runPython(path)).rejects.toThrow(
          /Traceback \(most recent call last\).*line 2, in check.*ZeroDivisionError/s,
        ),
      ));

    test('fails for a script that crashes, and for that script only', () =>
      withFile('import os; os.kill(os.getpid(), 11)', async (path) => {
        const crash = expect(runPython(path)).rejects.toThrow(
          /to exit with 0 but received SIGSEGV/,
        );
        await withFile(script, async (other) => {
          expect(await runPython(other, ['a'])).toEqual([['a'], '']);
        });
        await crash;
      }));

    test('shows no script what another one changed', () =>
      withFile('import h5py; print(len(vars(h5py))); h5py.changed = True', async (path) => {
        expect(await runPython(path)).toBe(await runPython(path));
      }));
  },
  python,
);
