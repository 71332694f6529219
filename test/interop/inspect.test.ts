import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspect } from '../../src/index.js';
import { describeInterop, runPython } from '../support/python.js';
import { temporaryFolder } from './session.js';

describeInterop('inspect() and h5py', () => {
  const folder = temporaryFolder();

  test('named types, hard links that go round in circles and unknown data are shown', async () => {
    const path = join(folder, 'odd.h5');
    await runPython('odd_file.py', [path]);
    expect(inspect(path).children).toMatchObject([
      { kind: 'dataset', path: '/compound', dtype: 'unsupported', shape: [3] },
      { kind: 'link', path: '/elsewhere' },
      {
        kind: 'group',
        path: '/group',
        children: [
          { kind: 'link', path: '/group/again', target: '/group' },
          { kind: 'link', path: '/group/up', target: '/' },
        ],
      },
      { kind: 'link', path: '/same', target: '/group' },
      { kind: 'other', path: '/type' },
    ]);
  });
});
