import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closeAfterError } from '../../src/hdf5/close-after-error.js';
import { File, WriteError } from '../../src/hdf5/index.js';
import { tempFolder } from '../support/recordings.js';

/** An error that is indirectly its own cause. */
function circle(): Error {
  const error = new Error('first');
  error.cause = new Error('second', { cause: error });
  return error;
}

const unasked = Object.defineProperty(new Error('secretive'), 'cause', {
  get() {
    throw new Error('not to be asked');
  },
});

const full = new WriteError({ problem: 'a.h5', errno: -28, syscall: 'write' });

test.each([
  ['nothing', undefined, true],
  ['a text', 'stop', true],
  ['an error', new Error('stop', { cause: new Error('why') }), true],
  ['causes that form a cycle', circle(), true],
  ['a cause whose getter throws', unasked, false],
  ['a WriteError', full, false],
  [
    'a WriteError as a distant cause',
    new Error('job', { cause: new Error('chunk', { cause: full }) }),
    false,
  ],
])('closeAfterError closes the file for %s', (_, error, isKept) => {
  const path = join(tempFolder(), 'a.h5');
  new File(path, 'w').close();
  const file = new File(path, 'r+');
  file.createGroup('late').close();
  closeAfterError(file, error);
  expect(file.isOpen).toBe(false);
  closeAfterError(file, error);
  const copy = `${path}.copy`;
  copyFileSync(path, copy);
  using left = new File(copy, 'r');
  expect(left.has('late')).toBe(isKept);
});
