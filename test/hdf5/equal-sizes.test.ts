import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asPlacements, type Dataset, File, FileSpace, type Filter } from '../../src/hdf5/index.js';
import { withFolder } from './temporary.js';

/** Size in bytes of the global heaps that libhdf5 creates for strings; every chunk here has the same size. */
const HEAP = 4096;
/** So many chunks that libhdf5 can't keep their index in memory and writes heaps in the meantime. */
const CHUNKS = 60_000;
const EXTENT = CHUNKS * HEAP;
const GROUPS = 200;

const text = (value: string) => ({ dtype: 'string', shape: [], data: [value] }) as const;
const textOf = (name: string, index: number) => `${name} ${index} `.repeat(20);

function setTexts(file: File, name: string): void {
  for (let index = 0; index < GROUPS; index++) {
    using group = file.has(`g${index}`) ? file.group(`g${index}`) : file.createGroup(`g${index}`);
    group.attributes.set(name, text(textOf(name, index)));
  }
}

function expectTexts(file: File, ...names: string[]): void {
  for (let index = 0; index < GROUPS; index++) {
    using group = file.group(`g${index}`);
    for (const name of names)
      expect(group.attributes.get(name).data, name).toEqual([textOf(name, index)]);
  }
}

/** Places the same bytes as every chunk. */
function placeAll(file: File, dataset: Dataset): void {
  using space = new FileSpace(file.token);
  const address = space.reserve(HEAP);
  space.write(new Uint8Array(HEAP).fill(65), address);
  const placements = Float64Array.from(
    { length: 3 * CHUNKS },
    (_, k) => [address, HEAP, 0][k % 3] ?? 0,
  );
  dataset.place([0], [EXTENT], asPlacements(placements));
}

function expectPlaced(dataset: Dataset): void {
  const placements = dataset.locate([0], [EXTENT]);
  const sizes = placements.filter((_, k) => k % 3 === 1);
  expect(sizes.every((size) => size === HEAP)).toBe(true);
  for (const index of [0, 1, CHUNKS / 2, CHUNKS - 1])
    expect(dataset.readChunk([index * HEAP])?.bytes).toEqual(new Uint8Array(HEAP).fill(65));
}

const KINDS: [string, readonly Filter[]][] = [
  ['raw', []],
  ['deflated', [{ kind: 'deflate', level: 1 }]],
];

describe.each(KINDS)('chunks as large as a global heap, %s', (_, filters) => {
  const dtype = 'uint8' as const;
  const options = { dtype, shape: [EXTENT], maxshape: [null], chunks: [HEAP], filters };

  test('placed chunks are not mistaken for a heap, in a new or an existing file', () => {
    withFolder((folder) => {
      const path = join(folder, 'some.h5');
      {
        using file = new File(path, 'w');
        setTexts(file, 'first');
        using dataset = file.createDataset('data', options);
        placeAll(file, dataset);
      }
      {
        using file = new File(path, 'r+');
        /* Opened first, since that makes room in libhdf5's memory, too. */
        using dataset = file.dataset('data');
        expectTexts(file, 'first');
        setTexts(file, 'second');
        placeAll(file, dataset);
      }
      using file = new File(path, 'r');
      expectTexts(file, 'first', 'second');
      using dataset = file.dataset('data');
      expectPlaced(dataset);
    });
  });

  test('located chunks are not mistaken for a heap', () => {
    withFolder((folder) => {
      const path = join(folder, 'some.h5');
      {
        using file = new File(path, 'w');
        using dataset = file.createDataset('data', options);
        placeAll(file, dataset);
        setTexts(file, 'first');
      }
      {
        using file = new File(path, 'r+');
        /* Opened first, since that makes room in libhdf5's memory, too. */
        using dataset = file.dataset('data');
        expectTexts(file, 'first');
        setTexts(file, 'second');
        expectPlaced(dataset);
        expectTexts(file, 'first', 'second');
      }
      using file = new File(path, 'r');
      expectTexts(file, 'first', 'second');
    });
  });
});
