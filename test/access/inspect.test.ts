import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { File, type Value } from '../../src/hdf5/index.js';
import {
  convert,
  Hdf5Error,
  type Inspected,
  type InspectedGroup,
  inspect,
} from '../../src/index.js';
import { description, tempFolder, timeSeries, waves, writeRaw } from '../support/recordings.js';

const text = (value: string): Value => ({ dtype: 'string', shape: [], data: [value] });

/** A file with features that PyNWB uses: types, references, links, chunked and compressed data. */
function pynwbLike(path: string): void {
  using file = new File(path, 'w');
  file.attributes.set('neurodata_type', text('NWBFile'));
  for (const group of ['/acquisition', '/acquisition/x', '/general', '/general/devices'])
    file.createGroup(group).close();
  using series = file.group('/acquisition/x');
  series.attributes.set('neurodata_type', text('ElectricalSeries'));
  using data = series.createDataset('data', {
    dtype: 'int16',
    shape: [100, 4],
    maxshape: [null, 4],
    chunks: [64, 2],
    filters: [{ kind: 'shuffle' }, { kind: 'deflate', level: 4 }, { kind: 'fletcher32' }],
  });
  data.write(new Int16Array(400).fill(5));
  using start = series.writeDataset('starting_time', {
    dtype: 'float64',
    shape: [],
    data: Float64Array.of(0),
  });
  start.attributes.set('rate', { dtype: 'float64', shape: [], data: Float64Array.of(30_000) });
  series.writeDataset('names', { dtype: 'string', shape: [2], data: ['a', 'µ'] }).close();
  file.createSoftLink('/general/devices/probe', '/general/probe');
  file.createSoftLink('/general/series', '/acquisition/x');
}

function find(tree: Inspected, path: string): Inspected | undefined {
  if (tree.path === path) return tree;
  if (tree.kind !== 'group') return undefined;
  for (const child of tree.children) {
    const found = find(child, path);
    if (found) return found;
  }
  return undefined;
}

test('the tree of a file has its groups, datasets and links', () => {
  const path = join(tempFolder(), 'a.nwb');
  pynwbLike(path);
  const tree = inspect(path);
  expect(tree).toMatchObject({ kind: 'group', path: '/', neurodataType: 'NWBFile' });
  expect(tree.children.map((child) => child.path)).toEqual(['/acquisition', '/general']);
  expect(find(tree, '/acquisition')).not.toHaveProperty('neurodataType');
  expect(find(tree, '/acquisition/x')).toMatchObject({
    kind: 'group',
    neurodataType: 'ElectricalSeries',
  });
  expect(find(tree, '/acquisition/x/data')).toEqual({
    kind: 'dataset',
    path: '/acquisition/x/data',
    dtype: 'int16',
    shape: [100, 4],
    maxshape: [null, 4],
    layout: 'chunked',
    chunks: [64, 2],
    filters: [
      { id: 2, name: 'shuffle', parameters: [2] },
      { id: 1, name: 'deflate', parameters: [4] },
      { id: 3, name: 'fletcher32', parameters: [] },
    ],
    rawBytes: 800,
    storedBytes: expect.any(Number),
  });
  expect(find(tree, '/acquisition/x/starting_time')).toMatchObject({
    dtype: 'float64',
    shape: [],
    layout: 'contiguous',
    chunks: null,
    filters: [],
    rawBytes: 8,
    storedBytes: 8,
  });
  expect(find(tree, '/acquisition/x/names')).toMatchObject({ dtype: 'string', shape: [2] });
});

test('links are not followed, and may lead nowhere', () => {
  const path = join(tempFolder(), 'a.nwb');
  pynwbLike(path);
  const tree = inspect(path);
  expect(find(tree, '/general/devices/probe')).toEqual({
    kind: 'link',
    path: '/general/devices/probe',
    target: '/general/probe',
  });
  expect(find(tree, '/general/series')).toMatchObject({ kind: 'link', target: '/acquisition/x' });
});

test('a converted file has the datasets of the report', async () => {
  const folder = tempFolder();
  const source = writeRaw(folder, 'a.bin', waves([1000, 4]));
  const what = description(join(folder, 'a.nwb'), [timeSeries('x', { source, chunks: [50, 4] })]);
  const { path, datasets } = await convert(what, { workers: 1 });
  const { rawBytes, storedBytes, chunks, shape } = datasets[0];
  const tree = inspect(path);
  expect(find(tree, '/acquisition/x')).toMatchObject({ neurodataType: 'TimeSeries' });
  expect(find(tree, '/acquisition/x/data')).toMatchObject({ rawBytes, storedBytes, chunks, shape });
  expect((tree as InspectedGroup).children.map((child) => child.path)).toContain('/general');
});

describe('inspect of other files', () => {
  test.each(['', 'hello', '\x89HDF\r\n\x1a\n', '\x89HDF\r\n\x1a\n'.padEnd(2000, 'x')])(
    'a file of the content %j throws an Hdf5Error',
    (content) => {
      const path = join(tempFolder(), 'a.nwb');
      writeFileSync(path, content, 'latin1');
      expect(() => inspect(path)).toThrow(Hdf5Error);
      expect(() => inspect(path)).toThrow(path);
    },
  );

  test('a folder and a missing file throw an Hdf5Error', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'dir'));
    for (const name of ['dir', 'no.nwb'])
      expect(() => inspect(join(folder, name))).toThrow(Hdf5Error);
  });
});
