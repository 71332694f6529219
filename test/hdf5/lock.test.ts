import { closeSync, openSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LockError, tryLock } from '../../src/hdf5/index.js';
import { BUILT, startChild } from '../support/child.js';
import { withFolder } from './temporary.js';

/** Runs `body` with the path of a file. */
function withPath<T>(body: (path: string) => T): T {
  return withFolder((folder) => {
    const path = join(folder, 'some.journal');
    writeFileSync(path, '');
    return body(path);
  });
}

describe('tryLock', () => {
  test('tryLock gives the lock to one descriptor of a file until it is closed', async () => {
    await withPath(async (path) => {
      const first = await open(path, 'r+');
      const second = await open(path, 'r+');
      expect(tryLock(first.fd)).toBe('locked');
      expect(tryLock(first.fd)).toBe('locked');
      expect(tryLock(second.fd)).toBe('held');
      await first.close();
      expect(tryLock(second.fd)).toBe('locked');
      await second.close();
    });
  });

  test('a lock concerns one file and no others', () => {
    withPath((path) =>
      withPath((other) => {
        const descriptors = [path, other].map((each) => openSync(each, 'r+'));
        expect(descriptors.map(tryLock)).toEqual(['locked', 'locked']);
        descriptors.map(closeSync);
      }),
    );
  });

  test.each(['closes it', 'is killed'])(
    'a lock is free once the process that holds it %s',
    async (how) => {
      await withPath(async (path) => {
        const child = startChild(`
        import { openSync, closeSync } from 'node:fs';
        import { tryLock } from '${BUILT.hdf5}';
        const descriptor = openSync(${JSON.stringify(path)}, 'r+');
        say(tryLock(descriptor));
        say(String(process.pid));
        await proceed();`);
        const descriptor = openSync(path, 'r+');
        expect(await child.line()).toBe('locked');
        expect(tryLock(descriptor)).toBe('held');
        const id = Number(await child.line());
        if (how === 'is killed') process.kill(id, 'SIGKILL');
        expect(await child.end()).toBe(how === 'is killed' ? 'SIGKILL' : 0);
        expect(tryLock(descriptor)).toBe('locked');
        closeSync(descriptor);
      });
    },
  );

  test('tryLock throws an error like Node’s own if no file is open', () => {
    withPath((path) => {
      const descriptor = openSync(path, 'r+');
      closeSync(descriptor);
      const error = thrown(() => tryLock(descriptor));
      expect(error).toBeInstanceOf(LockError);
      expect(error).toMatchObject({
        tag: 'LockError',
        fields: { code: 'EBADF', errno: -9, syscall: 'flock' },
      });
      expect((error as Error).message).toBe(`EBADF: flock of ${descriptor}: Bad file descriptor`);
    });
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 31, 2 ** 53])(
    'tryLock refuses %s with a RangeError',
    (descriptor) => {
      expect(() => tryLock(descriptor)).toThrow(RangeError);
    },
  );

  test.each([undefined, '1', null, 3n, {}])('tryLock refuses %s with a TypeError', (descriptor) => {
    expect(() => tryLock(descriptor as never)).toThrow(TypeError);
  });
});

function thrown(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error('Expected an error but received none');
}
