import { describe, expect, test } from 'vitest';
import { ChunkError, ClosedError, Hdf5Error, WriteError } from '../../src/hdf5/index.js';
import { BudgetError, LayoutError } from '../../src/layout/index.js';
import { OptionError } from '../../src/option-error.js';
import { SourceError } from '../../src/sources/errors.js';
import { fromWire, toWire } from '../../src/workers/index.js';

/** The error as it arrives in another thread. */
const sent = (error: unknown): Error => fromWire(structuredClone(toWire(error)));

const frames = [{ function: 'f', description: 'why', major: 'a', minor: 'b' }];
const fields = { path: '/a.bin', expected: '2', received: '3' };

const OURS = [
  new ChunkError({ problem: 'damaged' }),
  new ClosedError({ problem: 'closed' }),
  new WriteError({ problem: 'pwrite of 5 bytes', errno: -28, syscall: 'pwrite' }),
  new LayoutError({ name: '/x', expected: 'a', received: 'b', hint: 'c' }),
  new OptionError({ name: 'worker', known: ['workers'] }),
  new BudgetError({ name: '/x', workers: 2, memory: 1, needed: 3, reason: 'r', workersThatFit: 0 }),
  new Hdf5Error({ call: 'H5Dcreate2', path: '/x', frames }),
  new SourceError(fields),
];

describe('hyperslab’s errors', () => {
  test.each(OURS)('cross threads with class, tag, fields and stack: $name', (error) => {
    const there = sent(error);
    expect(there).toBeInstanceOf(Error);
    expect(there.constructor).toBe(error.constructor);
    expect({ ...there }).toMatchObject({ ...error });
    expect(there.message).toBe(error.message);
    expect(there.name).toBe(error.name);
    expect(there.stack).toBe(error.stack);
  });

  test('cross threads with their causes', () => {
    const code = Object.assign(new TypeError('inner'), { code: 'E', at: 5n });
    const there = sent(new SourceError(fields, { cause: new Error('outer', { cause: code }) }));
    const inner = (there.cause as Error).cause as Error;
    expect(there.cause).toMatchObject({ message: 'outer' });
    expect(inner).toMatchObject({ name: 'TypeError', message: 'inner', code: 'E', at: 5n });
    expect(inner.stack).toBe(code.stack);
  });
});

describe('other errors', () => {
  test('lose properties that can’t be sent', () => {
    const error = Object.assign(new RangeError('far'), { code: 7, run() {}, deep: { f() {} } });
    const there = sent(error);
    expect(there).toMatchObject({ name: 'RangeError', message: 'far', code: 7 });
    expect(there).not.toHaveProperty('run');
    expect(there).not.toHaveProperty('deep');
  });

  test('can have causes that form a loop', () => {
    const error = new Error('circle');
    error.cause = error;
    expect(sent(error).message).toBe('circle');
  });

  test.each([undefined, null, 5, 'text', Symbol('s'), { a: 1 }])('can be %o', (thrown) => {
    const there = sent(thrown);
    expect(there).toBeInstanceOf(Error);
    expect(there.message).toBe(String(thrown));
  });
});
