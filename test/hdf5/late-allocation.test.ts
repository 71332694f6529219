import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { asPlacements, type Dataset, File, FileSpace } from '../../src/hdf5/index.js';
import { describeInterop, runPython } from '../support/python.js';
import { withFolder } from './temporary.js';

const CHUNK = 32;
const SIZE = 2 * CHUNK;

const valuesOf = (index: number) => Uint16Array.from({ length: CHUNK }, (_, k) => 100 * index + k);
const read = (dataset: Dataset, index: number) =>
  dataset.read({ start: [index * CHUNK], count: [CHUNK] }).data;

/** Writes a chunk without libhdf5 and places it. */
function place(file: File, dataset: Dataset, index: number): void {
  using space = new FileSpace(file.token);
  const address = space.reserve(SIZE);
  space.write(new Uint8Array(valuesOf(index).buffer), address);
  dataset.place([index * CHUNK], [CHUNK], asPlacements(Float64Array.of(address, SIZE, 0)));
}

describeInterop('placing a chunk in a dataset that allocates all chunks with the first', () => {
  test.each([
    [1, 0],
    [6, 0],
    [6, 2],
    [6, 5],
  ])('of %i chunks, chunk %i is placed and the others stay intact', async (chunks, index) => {
    await withFolder(async (folder) => {
      const path = join(folder, 'late.h5');
      const script = fileURLToPath(new URL('make_late.py', import.meta.url));
      await runPython(script, [path, String(chunks * CHUNK)]);
      const others = Array.from({ length: chunks }, (_, k) => k).filter((k) => k !== index);
      {
        using file = new File(path, 'r+');
        for (const name of ['filled', 'unfilled']) {
          using dataset = file.dataset(name);
          place(file, dataset, index);
          expect(read(dataset, index)).toEqual(valuesOf(index));
          if (name === 'filled')
            for (const k of others)
              expect(read(dataset, k)).toEqual(new Uint16Array(CHUNK).fill(7));
          for (const k of others)
            dataset.write(valuesOf(k), { start: [k * CHUNK], count: [CHUNK] });
        }
      }
      using file = new File(path, 'r');
      for (const name of ['filled', 'unfilled']) {
        using dataset = file.dataset(name);
        for (let k = 0; k < chunks; k++) expect(read(dataset, k)).toEqual(valuesOf(k));
      }
    });
  });
});
