import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { File, Hdf5Error } from '../../src/hdf5/index.js';
import { BUILT, startChild } from '../support/child.js';
import { canMount, fillUp, withSmallDisk } from './small-disk.js';
import { withFolder } from './temporary.js';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

const valuesOf = (name: string) =>
  Int32Array.from({ length: 64 }, (_, k) => 1000 * NAMES.indexOf(name) + k);
const text = (...data: string[]) => ({ dtype: 'string', shape: [], data }) as const;

/** A file of several datasets, each with an attribute. */
function makeFile(path: string): void {
  using file = new File(path, 'w');
  for (const name of NAMES) {
    const options = { dtype: 'int32', shape: [64], maxshape: [null], chunks: [16] } as const;
    const dataset = file.createDataset(name, options);
    dataset.write(valuesOf(name));
    dataset.attributes.set('unit', text('volts'));
  }
}

/** Changes that consist of metadata only; every round adds more. */
function change(file: File, rounds: number): void {
  for (let round = 0; round < rounds; round++)
    for (const name of NAMES) {
      using dataset = file.dataset(name);
      dataset.resize([64 + 64 * round]);
      dataset.attributes.set(`note${round}`, text('x'.repeat(300)));
      dataset.attributes.set('unit', text('ampere'));
      file.createGroup(`${name}${round}`).close();
    }
}

/** The state of the file: whether it has the changes or is as it was created. */
function look(path: string): 'made' | 'changed' {
  using file = new File(path, 'r');
  const units = NAMES.map((name) => {
    using dataset = file.dataset(name);
    expect((dataset.read().data as Int32Array).subarray(0, 64)).toEqual(valuesOf(name));
    for (const attribute of dataset.attributes.names()) dataset.attributes.get(attribute);
    return dataset.attributes.get('unit').data[0];
  });
  const wanted = units[0] === 'volts' ? 'volts' : 'ampere';
  expect(units).toEqual(NAMES.map(() => wanted));
  const groups = file.links().length - NAMES.length;
  if (wanted === 'volts') expect(groups).toBe(0);
  return wanted === 'volts' ? 'made' : 'changed';
}

describe.skipIf(!canMount)('on a full disk', () => {
  test.each([1, 4, 16])(
    'a flush writes everything or nothing after %i rounds of changes',
    (rounds) => {
      const found = Array.from({ length: 12 }, (_, pages) =>
        withSmallDisk((folder) => {
          const path = join(folder, 'some.h5');
          makeFile(path);
          fillUp(folder, pages * 4096);
          const file = new File(path, 'r+');
          change(file, rounds);
          let error: unknown;
          try {
            file.close();
          } catch (thrown) {
            error = thrown;
          }
          expect(file.isOpen).toBe(false);
          if (error === undefined) return look(path);
          expect(error).toBeInstanceOf(Hdf5Error);
          const message = `H5Fflush failed for ${path}: cannot write: No space left on device`;
          expect((error as Error).message).toBe(message);
          expect(look(path)).toBe('made');
          return 'refused';
        }),
      );
      expect(found[0]).toBe('refused');
      expect(found).not.toContain('made');
    },
  );

  test('flushed data stay intact, whatever is appended until the disk is full', () => {
    withSmallDisk((folder) => {
      const path = join(folder, 'some.h5');
      makeFile(path);
      const file = new File(path, 'r+');
      const dataset = file.dataset('a');
      let rows = 64;
      const append = () => {
        for (let k = 0; k < 100; k++, rows += 64) {
          dataset.resize([rows + 64]);
          dataset.write(valuesOf('b'), { start: [rows], count: [64] });
        }
        file.flush();
      };
      append();
      append();
      const flushed = rows;
      expect(() => {
        for (;;) append();
      }).toThrow(/No space left on device/);
      expect(() => file.close()).toThrow(/No space left on device/);
      using again = new File(path, 'r');
      using found = again.dataset('a');
      expect(found.shape[0]).toBeGreaterThanOrEqual(flushed);
      const data = found.read().data as Int32Array;
      for (let row = 64; row < flushed; row += 64)
        expect(data.subarray(row, row + 64)).toEqual(valuesOf('b'));
    });
  });

  /* As copies have them whose zeros take no room. */
  test('holes in the metadata are filled before anything is overwritten on a full disk', () => {
    withSmallDisk((folder) => {
      const path = join(folder, 'some.h5');
      makeFile(path);
      const zeros = { dtype: 'int8', shape: [60_000], data: new Int8Array(60_000) } as const;
      {
        using file = new File(path, 'r+');
        file.createGroup('last').attributes.set('large', zeros);
      }
      const copy = join(folder, 'copy.h5');
      execFileSync('cp', ['--sparse=always', path, copy]);
      fillUp(folder, 0);
      const file = new File(copy, 'r+');
      for (const name of NAMES) {
        using dataset = file.dataset(name);
        dataset.resize([16]);
      }
      file.group('last').attributes.set('large', { ...zeros, data: zeros.data.map(() => 1) });
      expect(() => file.close()).toThrow(/No space left on device/);
      using found = new File(copy, 'r');
      for (const name of NAMES) {
        using dataset = found.dataset(name);
        expect(dataset.read().data).toEqual(valuesOf(name));
      }
      expect(found.group('last').attributes.get('large')).toEqual(zeros);
    });
  });
});

test('files that hit a size limit keep what was flushed', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'some.h5');
    makeFile(path);
    const child = startChild(
      `
      const { File } = await import('${BUILT.hdf5}');
      const file = new File(${JSON.stringify(path)}, 'r+');
      for (let k = 0; k < 200; k++) {
        const group = file.createGroup('group' + k);
        group.attributes.set('x', { dtype: 'string', shape: [], data: ['y'.repeat(500)] });
      }
      try { file.close(); } catch ({ message }) { say(message); }`,
      40,
    );
    expect(await child.line()).toMatch(/^H5Fflush failed for .*: cannot write: File too large$/);
    expect(await child.end()).toBe(0);
    expect(look(path)).toBe('made');
  });
});
