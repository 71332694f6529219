import { join } from 'node:path';
import { expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import { fill, ndarray, open, slice, type VerifyChunksReport, verify } from '../../src/index.js';
import { damage } from '../support/checksums.js';
import { asyncIterator, iterator, rows } from '../support/iterators.js';
import { noise, rejection, tempFolder, waves, writeRaw } from '../support/recordings.js';

const A = '/a';
const B = '/b';

/** A file with two empty datasets, in chunks of [10, 3], which links give further paths. */
function made(): string {
  const path = join(tempFolder(), 'a.h5');
  using file = new File(path, 'w');
  const options = { shape: [0, 4], maxshape: [null, 8], chunks: [10, 3] };
  const filters = [{ kind: 'shuffle' }, { kind: 'deflate', level: 4 }] as const;
  file.createDataset(A, { dtype: 'int16', filters, ...options }).close();
  file.createDataset(B, { dtype: 'int16', ...options }).close();
  file.createSoftLink('soft', A);
  return path;
}

/** The number of chunks that have a checksum, and the state, by dataset. */
function told({ datasets, unchecked }: VerifyChunksReport): unknown[] {
  return [...datasets.map(({ path, chunks, state }) => [path, chunks, state]), ...unchecked];
}

const checked = async (path: string) => told(await verify(path, undefined, { workers: 1 }));

const array = ({ items, shape }: ReturnType<typeof waves>) => ndarray(items, shape);

test('filled datasets have checksums, however their data come', async () => {
  const path = made();
  const source = writeRaw(join(path, '..'), 'a.bin', waves([35, 4]));
  const data = iterator([null, 4], function* () {
    yield rows(20, 13, 4);
    yield rows(0, 20, 4);
  });
  await fill(path, { [A]: source, [B]: data }, { workers: 1 });
  expect(await checked(path)).toEqual([
    [A, 8, 'intact'],
    [B, 8, 'intact'],
  ]);
});

test('filling again, in part or under another path, keeps the checksums up to date', async () => {
  const path = made();
  await fill(path, { [A]: array(waves([35, 4])), [B]: array(waves([35, 4])) }, { workers: 1 });
  await fill(path, { '/soft': array(noise([35, 4])) }, { workers: 1 });
  const part = iterator([null, 4], function* () {
    yield rows(12, 3, 4);
    yield rows(35, 10, 4);
  });
  await fill(path, { [B]: part }, { workers: 1 });
  expect(await checked(path)).toEqual([
    [A, 8, 'intact'],
    [B, 10, 'intact'],
  ]);
  damage(path, B, [0, 0]);
  expect(await checked(path)).toEqual([
    [A, 8, 'intact'],
    [B, 10, 'damaged'],
  ]);
});

test('writes with open() keep the checksums that a dataset has', async () => {
  const path = made();
  await fill(path, { [A]: array(waves([35, 4])) }, { workers: 1 });
  const file = await open(path, 'r+', { workers: 1 });
  const data = file.dataset(A);
  await data.append(array(noise([20, 4])));
  await data.resize([55, 8]);
  await data.write([slice(0, 15), slice(3, 7)], 5);
  await file.dataset(B).append(array(waves([35, 4])));
  await file.close();
  // Of the third column, only the first two chunks got data.
  expect(await checked(path)).toEqual([[A, 14, 'intact'], B]);
});

test('data that did not get into the file leave no stale checksums behind', async () => {
  const path = made();
  await fill(path, { [A]: array(waves([35, 4])), [B]: array(waves([35, 4])) }, { workers: 1 });
  const failing = asyncIterator([null, 4], async function* () {
    yield rows(0, 20, 4);
    throw new Error('the cable is out');
  });
  await rejection(fill(path, { [A]: failing }, { workers: 1 }));
  expect(await checked(path)).toEqual([[B, 8, 'intact'], A]);
});

test('a dataset that shrinks loses its checksums, because libhdf5 rewrites the chunks at its edge', async () => {
  const path = made();
  await fill(path, { [A]: array(waves([35, 4])), [B]: array(waves([35, 4])) }, { workers: 1 });
  const file = await open(path, 'r+', { workers: 1 });
  await file.dataset(A).resize([33, 4]);
  await file.close();
  expect(await checked(path)).toEqual([[B, 8, 'intact'], A]);
});

test('what another program did to the file is still reported after a part was filled', async () => {
  const path = made();
  const data = array(waves([35, 4]));
  await fill(path, { [A]: data, [B]: data }, { workers: 1 });
  {
    using file = new File(path, 'r+');
    using a = file.dataset(A);
    a.write(Int16Array.of(9), { start: [34, 3], count: [1, 1] });
    using b = file.dataset(B);
    b.resize([45, 4]);
  }
  const before = await checked(path);
  expect(before).toMatchObject([
    [A, 8, 'outdated'],
    [B, 8, 'outdated'],
  ]);
  const part = iterator([null, 4], () => [rows(0, 10, 4)].values());
  await fill(path, { [A]: part }, { workers: 1 });
  expect(await checked(path)).toEqual(before);
  // The whole dataset is known again.
  await fill(path, { [A]: data, [B]: array(waves([45, 4])) }, { workers: 1 });
  expect(await checked(path)).toEqual([
    [A, 8, 'intact'],
    [B, 10, 'intact'],
  ]);
});

test('damaged checksums are replaced, and do not keep a dataset from being filled', async () => {
  const path = made();
  const data = array(waves([35, 4]));
  await fill(path, { [A]: data, [B]: data }, { workers: 1 });
  {
    using file = new File(path, 'r+');
    using rows = file.dataset('/hyperslab/checksums/a');
    rows.write(Uint32Array.of(99, 0), { start: [3, 0], count: [1, 2] });
    using attributes = file.dataset('/hyperslab/checksums/b');
    attributes.attributes.set('algorithm', { dtype: 'string', shape: [], data: ['CRC'] });
  }
  await fill(path, { [A]: data, [B]: data }, { workers: 1 });
  expect(await checked(path)).toEqual([
    [A, 8, 'intact'],
    [B, 8, 'intact'],
  ]);
});
