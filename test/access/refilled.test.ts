import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import { fill, ndarray, open, verify } from '../../src/index.js';
import { BUILT } from '../support/child.js';
import { canFault, faulty } from '../support/faults.js';
import {
  bytesOf,
  type Model,
  noise,
  readBack,
  tempFolder,
  writeRaw,
} from '../support/recordings.js';
import { runModule } from './run-module.js';

const CHUNK = 200;

/** Makes a file with two empty datasets, `/packed` and `/plain`. */
function made(chunk = CHUNK): string {
  const path = join(tempFolder(), 'a.h5');
  using file = new File(path, 'w');
  const options = { shape: [0, 4], maxshape: [null, 4], chunks: [chunk, 4] };
  const filters = [{ kind: 'deflate', level: 4 }] as const;
  file.createDataset('packed', { dtype: 'int16', filters, ...options }).close();
  file.createDataset('plain', { dtype: 'int16', ...options }).close();
  return path;
}

/** Random numbers of some bits, so that chunks have nearly the same size. */
function random(rows: number, shift: number, bits = 5): Model {
  const model = noise([rows + shift, 4]);
  const items = Int16Array.from(
    model.items.subarray(4 * shift) as Int16Array,
    (one) => Number(one) & ((1 << bits) - 1),
  );
  return { dtype: 'int16', shape: [rows, 4], items };
}

const array = ({ items, shape }: Model) => ndarray(items, shape);

function expectHeld(path: string, name: string, { items }: Model): void {
  expect(bytesOf(readBack(path, name)).equals(bytesOf({ data: items }))).toBe(true);
}

/** A few KiB of metadata, such as those of checksums. */
const METADATA = 16 * 1024;

test('filling again with the same or other values hardly makes a file longer', async () => {
  const path = made();
  const rows = 100 * CHUNK;
  const sizes: number[] = [];
  for (const shift of [0, 0, 1, 2, 3]) {
    const model = random(rows, shift);
    const source = writeRaw(join(path, '..'), `${shift}.bin`, model);
    // With more workers it depends on their timing which chunks lie at the end of the file.
    await fill(path, { '/packed': source, '/plain': source }, { workers: 1 });
    expectHeld(path, '/packed', model);
    expectHeld(path, '/plain', model);
    sizes.push(statSync(path).size);
  }
  expect((await verify(path, undefined, { workers: 1 })).state).toBe('intact');
  using file = new File(path, 'r');
  const packed = file.dataset('packed').storedBytes;
  expect(sizes[1] - sizes[0]).toBeLessThan(METADATA);
  // Chunks that have become longer than what others left free make the file grow.
  for (const at of [2, 3, 4]) expect(sizes[at] - sizes[at - 1]).toBeLessThan(METADATA + packed / 2);
});

test('more replaced chunks than wait for a flush are moved in several steps', async () => {
  const path = made(100_000);
  const rows = 2_300_000;
  const items = new Int16Array(rows * 4);
  const model = { dtype: 'int16', shape: [rows, 4], items } as const;
  for (const first of [1, 101]) {
    for (let chunk = 0; chunk < 23; chunk++)
      items.fill(first + chunk, 400_000 * chunk, 400_000 * (chunk + 1));
    await fill(path, { '/plain': writeRaw(join(path, '..'), 'a.bin', model) }, { workers: 2 });
    expectHeld(path, '/plain', model);
    expect(statSync(path).size).toBeLessThan(rows * 8 * 1.1);
  }
  expect((await verify(path, undefined, { workers: 1 })).state).toBe('intact');
});

test('writes with open() use the space of replaced chunks again when the file is closed', async () => {
  const path = made();
  const rows = 20 * CHUNK;
  await fill(path, { '/packed': array(random(rows, 0)) }, { workers: 1 });
  const before = statSync(path).size;
  for (const shift of [1, 2]) {
    const file = await open(path, 'r+', { workers: 1 });
    await file.dataset('packed').write('...', array(random(rows, shift, 4)));
    await file.flush();
    await file.dataset('packed').write('...', array(random(rows, shift, 3)));
    await file.close();
    expectHeld(path, '/packed', random(rows, shift, 3));
  }
  expect(statSync(path).size - before).toBeLessThan(METADATA);
});

const FILL = `
  const { fill } = await import('${BUILT.index}');
  const [path, source] = process.argv.slice(1);
  const data = { type: 'raw', path: source, dtype: 'int16', shape: [null, 4] };
  await fill(path, { '/packed': data, '/plain': data }, { workers: 1 });`;

test.skipIf(!canFault)('a killed fill leaves each chunk old or new', async () => {
  const path = made();
  const folder = join(path, '..');
  const rows = 5 * CHUNK;
  const [before, after] = [random(rows, 0), random(rows, 1, 6)];
  await fill(path, { '/packed': array(before), '/plain': array(before) }, { workers: 1 });
  const copies = join(folder, 'copies');
  mkdirSync(copies);
  copyFileSync(path, join(folder, 'first.h5'));
  const source = writeRaw(folder, 'a.bin', after).path;
  const call = ['pwrite', 'ftruncate', 'fallocate'] as const;
  const fault = faulty({ call, path: '/a.h5', copies });
  expect((await runModule(FILL, [path, source], fault)).code).toBe(0);
  expectHeld(path, '/packed', after);
  const states = new Set<string>();
  for (const name of readdirSync(copies)) {
    const copy = join(copies, name);
    // Opening it completes an interrupted flush.
    await (await open(copy, 'r+', { workers: 1 })).close();
    for (const dataset of ['/packed', '/plain']) {
      const held = readBack(copy, dataset);
      const chunkOf = (data: Model['items'], at: number) =>
        String(data.subarray(4 * CHUNK * at, 4 * CHUNK * (at + 1)));
      const found = Array.from({ length: rows / CHUNK }, (_, at) =>
        [before.items, after.items].findIndex(
          (items) => chunkOf(items, at) === chunkOf(held.data as Model['items'], at),
        ),
      );
      expect(found).not.toContain(-1);
      states.add(String(found));
    }
  }
  expect(states.size).toBe(2);
});
