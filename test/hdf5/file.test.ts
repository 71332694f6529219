import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  asPlacements,
  File,
  type FileMode,
  Hdf5Error,
  libraryVersion,
} from '../../src/hdf5/index.js';
import { BUILT } from '../support/child.js';
import { withFile, withFolder } from './temporary.js';

/** Runs the text of an ES module in another process, with `File` of the build and `path` defined. */
function run(text: string, folder: string, ...flags: string[]) {
  const path = JSON.stringify(join(folder, 'child.h5'));
  const script = `import { File } from '${BUILT.hdf5}'; const path = ${path}; ${text}`;
  const args = [...flags, '--input-type=module', '--eval', script];
  return promisify(execFile)(process.execPath, args);
}

describe('modes', () => {
  const MODES: readonly FileMode[] = ['w', 'w-', 'a', 'r+', 'r'];
  const open = (path: string, mode: FileMode) => new File(path, mode).close();

  test.each(MODES)('mode %s if the file does not exist', (mode) => {
    withFolder((folder) => {
      const path = join(folder, 'none.h5');
      if (mode === 'r' || mode === 'r+') {
        expect(() => open(path, mode)).toThrow(Hdf5Error);
        expect(() => open(path, mode)).toThrow(/No such file or directory/);
      } else {
        open(path, mode);
        open(path, 'r');
      }
    });
  });

  test.each(MODES)('mode %s if the file exists', (mode) => {
    withFolder((folder) => {
      const path = join(folder, 'some.h5');
      {
        using file = new File(path, 'w');
        file.createGroup('kept').close();
      }
      if (mode === 'w-') {
        expect(() => open(path, mode)).toThrow(/File exists/);
      } else {
        using file = new File(path, mode);
        expect(file.has('kept')).toBe(mode !== 'w');
      }
      if (mode === 'w') return;
      using file = new File(path, 'r');
      expect(file.has('kept')).toBe(true);
    });
  });

  test.each(['w-', 'a', 'r+', 'r'] as const)(
    'mode %s leaves a file that is not HDF5 unchanged',
    (mode) => {
      withFolder((folder) => {
        const path = join(folder, 'text.h5');
        writeFileSync(path, 'no HDF5 at all');
        expect(() => open(path, mode)).toThrow(Hdf5Error);
        expect(readFileSync(path, 'utf8')).toBe('no HDF5 at all');
      });
    },
  );

  test('mode r does not write', () => {
    withFolder((folder) => {
      const path = join(folder, 'read.h5');
      open(path, 'w');
      using file = new File(path, 'r');
      expect(() => file.createGroup('new')).toThrow(Hdf5Error);
      expect(() => file.attributes.set('x', one())).toThrow(Hdf5Error);
      expect(file.links()).toEqual([]);
    });
  });

  test('unknown modes and unknown formats are refused', () => {
    withFolder((folder) => {
      const path = join(folder, 'x.h5');
      expect(() => open(path, 'x' as FileMode)).toThrow(
        /Expected mode .* for .*x\.h5 but received x/,
      );
      expect(() => new File(path, 'w', { libver: 'v1' as 'v110' })).toThrow(
        /Expected libver .* 'v1'/,
      );
      expect(() => open(`${path}\0`, 'w')).toThrow(/NUL/);
    });
  });

  test('a file that is open for writing can’t be opened again or truncated', () => {
    withFile((file, path) => {
      file.createGroup('kept').close();
      for (const mode of MODES.filter((name) => name !== 'w-'))
        expect(() => open(path, mode)).toThrow(/in use by another process/);
      expect(file.has('kept')).toBe(true);
    });
  });
});

describe('closing', () => {
  test('closing twice does nothing, nor does closing once more through `using`', () => {
    withFile((file) => {
      const group = file.createGroup('group');
      group.close();
      group.close();
      expect(group.isOpen).toBe(false);
      file.close();
      file.close();
      expect(file.isOpen).toBe(false);
    });
  });

  test('closing a file closes all objects that were opened through it', () => {
    withFile((file) => {
      const group = file.createGroup('group');
      const dataset = group.writeDataset('dataset', one());
      expect([group.isOpen, dataset.isOpen]).toEqual([true, true]);
      file.close();
      expect([group.isOpen, dataset.isOpen]).toEqual([false, false]);
      group.close();
      dataset.close();
    });
  });

  test('after closing, every method of an object throws', () => {
    withFile((file) => {
      const group = file.createGroup('group');
      const dataset = file.createDataset('dataset', { dtype: 'int8', shape: [4], chunks: [2] });
      const { attributes } = dataset;
      file.close();
      const calls: (() => unknown)[] = [
        () => file.flush(),
        () => file.token,
        () => file.reserve(8),
        () => file.createGroup('x'),
        () => file.links(),
        () => group.createDataset('x', { dtype: 'int8', shape: [] }),
        () => group.createSoftLink('x', '/y'),
        () => group.has('x'),
        () => group.open('x'),
        () => attributes.names(),
        () => attributes.has('x'),
        () => attributes.get('x'),
        () => attributes.set('x', one()),
        () => attributes.delete('x'),
        () => dataset.shape,
        () => dataset.storedBytes,
        () => dataset.resize([2]),
        () => dataset.write(Int8Array.of(1, 2, 3, 4)),
        () => dataset.read(),
        () => dataset.place([0], [2], asPlacements(new Float64Array(3))),
        () => dataset.locate([0], [2]),
        () => dataset.readChunk([0]),
      ];
      for (const [index, call] of calls.entries()) {
        expect(call, `call ${index}`).toThrow(Hdf5Error);
        expect(call, `call ${index}`).toThrow(/it is closed/);
      }
    });
  });

  test('forgotten handles are closed when they are garbage-collected', async () => {
    await withFolder(async (folder) => {
      const text = `
        function forget() {
          const file = new File(path, 'w');
          const group = file.createGroup('group');
          group.writeDataset('data', { dtype: 'int16', shape: [2], data: Int16Array.of(1, 2) });
        }
        forget();
        let refused = '';
        try { new File(path, 'r'); } catch (error) { refused = error.message; }
        for (let i = 0; i < 20; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 5)); }
        const file = new File(path, 'r+');
        const { data } = file.dataset('group/data').read();
        console.log(JSON.stringify({ refused, data: [...data] }));`;
      const { stdout, stderr } = await run(text, folder, '--expose-gc');
      const refused = expect.stringContaining('in use by another process');
      expect(JSON.parse(stdout)).toEqual({ refused, data: [1, 2] });
      expect(stderr).toBe('');
    });
  });

  test('a process can end without closing its files', async () => {
    await withFolder(async (folder) => {
      const text = `
        globalThis.file = new File(path, 'w');
        globalThis.group = file.createGroup('group');
        group.writeDataset('data', { dtype: 'int16', shape: [2], data: Int16Array.of(1, 2) });
        file.flush();`;
      expect(await run(text, folder)).toEqual({ stdout: '', stderr: '' });
      using file = new File(join(folder, 'child.h5'), 'r');
      expect(file.dataset('group/data').read().data).toEqual(Int16Array.of(1, 2));
    });
  });
});

describe('errors', () => {
  test("errors carry the call, the path and libhdf5's messages", () => {
    withFile((file, path) => {
      const error = thrown(() => file.open('missing/object'));
      expect(error).toBeInstanceOf(Hdf5Error);
      expect(error).toMatchObject({
        tag: 'Hdf5Error',
        name: 'Hdf5Error',
        fields: { call: 'H5Oopen' },
      });
      expect(error.fields.path).toBe('/missing/object');
      expect(error.message).toMatch(/^H5Oopen failed for \/missing\/object of .*: .*not found/);
      expect(error.message).not.toContain('\n');
      expect(error.fields.frames[0].function).toBe('H5Oopen');
      for (const { function: name, description, major, minor } of error.fields.frames)
        expect([name, description, major, minor].every((text) => text.length > 0)).toBe(true);
      const attribute = thrown(() => file.attributes.get('none'));
      expect(attribute).toMatchObject({ fields: { call: 'H5Aopen', path: `${path}@none` } });
      const again = thrown(() => new File(path, 'w-'));
      expect(again).toMatchObject({ fields: { call: 'H5Fcreate', path } });
    });
  });

  test('errors are not printed in any thread', async () => {
    await withFolder(async (folder) => {
      const text = `
        import { Worker } from 'node:worker_threads';
        const fail = \`
          import('${BUILT.hdf5}').then(({ File }) => {
            for (const mode of ['r', 'r+']) try { new File('/nowhere/at.h5', mode); } catch {}
          });\`;
        const file = new File(path, 'w');
        for (const call of [() => file.open('x'), () => file.createGroup('a/b'), () => file.attributes.get('x')])
          try { call(); } catch {}
        await new Promise((resolve) => new Worker(fail, { eval: true }).on('exit', resolve));
        file.close();
        console.log('done');`;
      expect(await run(text, folder)).toEqual({ stdout: 'done\n', stderr: '' });
    });
  });
});

describe('space', () => {
  test('space is reserved only once', () => {
    withFile((file) => {
      const taken = Array.from({ length: 50 }, (_, size) => [file.reserve(size), size] as const);
      for (const [index, [address, size]] of taken.entries())
        if (index > 0) expect(address).toBeGreaterThanOrEqual(taken[index - 1][0] + size - 1);
      for (const bytes of [-1, Number.NaN, 2 ** 60])
        expect(() => file.reserve(bytes)).toThrow(RangeError);
    });
  });

  test('every open file has a token of its own', () => {
    withFile((file) =>
      withFile((other) => {
        expect(typeof file.token).toBe('bigint');
        expect(file.token).toBe(file.token);
        expect(other.token).not.toBe(file.token);
      }),
    );
  });
});

test('the version of libhdf5 is supported', () => {
  const [major, minor] = libraryVersion().split('.').map(Number);
  expect(major > 1 || minor >= 10).toBe(true);
});

const one = () => ({ dtype: 'int8', shape: [], data: Int8Array.of(1) }) as const;

function thrown(body: () => unknown): Hdf5Error {
  try {
    body();
  } catch (error) {
    return error as Hdf5Error;
  }
  throw new Error('Expected an error but received none');
}
