import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { File, Hdf5Error } from '../../src/hdf5/index.js';
import { describeInterop, python, runPython } from '../support/python.js';
import { type CanonicalTree, canonicalTree, canonicalValue } from './canonical.js';
import { expectedTree, fillFile } from './h5lib-content.js';
import { temporaryFolder } from './session.js';
import { decodeChunks } from './stored-chunks.js';

interface Made {
  readonly path: string;
  readonly tree: CanonicalTree;
}

describeInterop('h5lib and h5py', () => {
  const folder = temporaryFolder();
  const FORMATS = ['earliest', 'v110'] as const;
  let made: Record<string, Made>;
  let read: readonly CanonicalTree[];

  const h5lib = (...args: string[]) => runPython('h5lib.py', args);

  beforeAll(async () => {
    made = (await h5lib('make', folder)) as typeof made;
    const paths = FORMATS.map((libver) => {
      const path = join(folder, `h5lib-${libver}.h5`);
      using file = new File(path, 'w', { libver });
      fillFile(file);
      return path;
    });
    read = (await h5lib('describe', ...paths)) as CanonicalTree[];
  });

  test.each(['earliest', 'v110', 'userblock', 'paged'])(
    'h5lib reads all that h5py wrote (%s)',
    (name) => {
      using file = new File(made[name].path, 'r');
      const tree = canonicalTree(file);
      expect(Object.keys(tree).sort()).toEqual(Object.keys(made[name].tree).sort());
      for (const path of Object.keys(tree))
        expect([path, tree[path]]).toEqual([path, made[name].tree[path]]);
    },
  );

  test.each(FORMATS)('h5py reads everything that h5lib wrote (%s)', (libver) => {
    const tree = read[FORMATS.indexOf(libver)];
    const expected = expectedTree();
    expect(Object.keys(tree).sort()).toEqual(Object.keys(expected).sort());
    for (const path of Object.keys(tree))
      expect([path, tree[path]]).toEqual([path, expected[path]]);
  });

  test.each(FORMATS)('h5lib reads everything that h5lib wrote (%s)', (libver) => {
    using file = new File(join(folder, `h5lib-${libver}.h5`), 'r');
    expect(canonicalTree(file)).toEqual(expectedTree());
  });

  test.each(['earliest', 'v110', 'userblock', 'paged'])(
    'h5lib decodes the chunks that h5py stored, without libhdf5 (%s)',
    (name) => {
      using file = new File(made[name].path, 'r');
      using group = file.group('chunked');
      let decoded = 0;
      for (const { name: child } of group.links()) {
        using dataset = group.dataset(child);
        if (dataset.dtype === 'string' || dataset.bigEndian) continue;
        const { data } = canonicalValue(dataset.read());
        expect([child, Buffer.from(decodeChunks(dataset)).toString('hex')]).toEqual([child, data]);
        decoded++;
      }
      // Ten types in six ways, one dataset that is partly stored, and one that is not stored at all.
      expect(decoded).toBe(62);
    },
  );

  test('h5lib names objects that it can not read', () => {
    using file = new File(made.unsupported.path, 'r');
    const kinds = ['compound', 'complex', 'float16', 'enum', 'opaque', 'vlen', 'region'];
    for (const name of kinds) {
      using dataset = file.dataset(name);
      expect([name, dataset.dtype]).toEqual([name, 'unsupported']);
      expect(dataset.fillvalue).toBeUndefined();
      expect(() => dataset.read()).toThrow(/H5Dread failed for \/.*can't be read by h5lib/);
    }
    expect(() => file.attributes.get('compound')).toThrow(Hdf5Error);
    expect(file.links()).toContainEqual({
      name: 'external',
      kind: 'external',
      file: 'elsewhere.h5',
      target: '/there',
    });
    expect(() => file.open('external')).toThrow(Hdf5Error);
    using lzf = file.dataset('lzf');
    expect(lzf.filters).toBe('lzf');
  });

  test('modes have the same meaning as in h5py, for files of h5py', () => {
    const path = join(folder, 'modes.h5');
    copyFileSync(made.earliest.path, path);
    expect(() => new File(path, 'w-')).toThrow(Hdf5Error);
    for (const mode of ['r', 'r+', 'a'] as const) {
      using file = new File(path, mode);
      expect(file.has('attributes')).toBe(true);
    }
    new File(path, 'w').close();
    using file = new File(path, 'r');
    expect(file.links()).toEqual([]);
  });

  test.each([
    ['r+', 'r'],
    ['r+', 'r+'],
    ['r+', 'a'],
    ['r+', 'w'],
    ['r', 'r+'],
  ] as const)('what h5py has open for %s, h5lib does not open for %s', async (theirs, ours) => {
    const { path } = made.earliest;
    await whileHeld(path, theirs, () => {
      const open = () => new File(path, ours).close();
      expect(open).toThrow(Hdf5Error);
      expect(open).toThrow(`failed for ${path}`);
      expect(open).toThrow(/in use by another process/);
    });
    using file = new File(path, 'r');
    expect(file.attributes.has('title')).toBe(true);
  });

  test('both read a file at the same time', async () => {
    const { path } = made.earliest;
    await whileHeld(path, 'r', () => {
      using file = new File(path, 'r');
      expect(file.has('attributes')).toBe(true);
    });
  });

  test('h5py does not open a file that h5lib has open for writing', async () => {
    const path = join(folder, 'ours.h5');
    {
      using file = new File(path, 'w');
      file.flush();
      const refused = { opened: false, error: expect.stringContaining('unable to lock file') };
      expect(await h5lib('open', path, 'r')).toEqual(refused);
      expect(await h5lib('open', path, 'r+')).toEqual(refused);
    }
    expect(await h5lib('open', path, 'r+')).toEqual({ opened: true });
  });
});

/** Runs `body` while h5py has the file open in a process of its own. */
async function whileHeld(path: string, mode: string, body: () => void): Promise<void> {
  if (!python.available) throw new Error(python.reason);
  const script = fileURLToPath(new URL('h5lib.py', import.meta.url));
  const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn(python.path, [script, 'hold', path, mode], {
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  try {
    const [block] = await Promise.race([once(child.stdout, 'data'), ended]);
    expect(String(block)).toContain('holding');
    body();
  } finally {
    child.stdin.end();
    await ended;
  }
}
