import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AccessOptions, type CreateOptions, type OpenMode, open } from '../../src/index.js';
import { BUILT, startChild } from '../support/child.js';
import { readBack, rejection, tempFolder } from '../support/recordings.js';
import { newFile, withOpen } from './files.js';

const SMALL: CreateOptions = { dtype: 'int16', shape: [4, 2] };

describe('open', () => {
  test.each([
    ['none', /ENOENT|No such file/],
    ['', /Is a directory/],
    ['text.h5', /file signature not found/],
  ])('a path without an HDF5 file is refused ("%s")', async (name, message) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'text.h5'), 'no HDF5');
    const error = await rejection(open(join(folder, name), 'r+'));
    expect(error).toMatchObject({ name: 'Hdf5Error', message: expect.stringMatching(message) });
  });

  test("mode 'a' creates a file, and opens it the next time", async () => {
    const path = join(tempFolder(), 'a.h5');
    await withOpen(path, 'a', (file) => file.createDataset('x', SMALL).write(null, 3));
    await withOpen(path, 'a', async (file) => {
      expect([...(await file.dataset('x').read()).data]).toEqual(Array(8).fill(3));
    });
  });

  test.each([
    ['w', {}, "Expected one of 'r', 'r+', 'a' for mode but received 'w'"],
    ['r', { wokers: 2 }, "Unknown option 'wokers'; did you mean 'workers'?"],
    [
      'r',
      { overwrite: true },
      "Unknown option 'overwrite'; the options are workers, memory, libver",
    ],
    ['r', { workers: 0 }, 'Expected a whole number from 1 to 1024 for workers but received 0'],
  ])('an invalid mode or option is refused (%s, %j)', async (mode, options, message) => {
    const path = await newFile({ x: SMALL });
    const error = await rejection(open(path, mode as OpenMode, options as AccessOptions));
    expect(error).toMatchObject({ name: 'OptionError', message });
  });

  test('a file is open once for writing or many times for reading', async () => {
    const path = await newFile({ x: SMALL });
    const inUse = { name: 'Hdf5Error', message: expect.stringContaining('in use') };
    await withOpen(path, 'r+', async () => {
      for (const mode of ['r', 'r+', 'a'] as const)
        expect(await rejection(open(path, mode))).toMatchObject(inUse);
    });
    await withOpen(path, 'r', async () => {
      await withOpen(path, 'r', async (file) => expect(file.dataset('x').shape).toEqual([4, 2]));
      expect(await rejection(open(path, 'a'))).toMatchObject(inUse);
    });
  });

  test("a file that was opened with 'r' can not be changed", async () => {
    const path = await newFile({ x: { ...SMALL, maxshape: [null, 2] } });
    await withOpen(path, 'r', async (file) => {
      const dataset = file.dataset('x');
      const message = `/x can't be written: ${path} was opened with mode 'r'; open it with 'r+' or 'a'`;
      const iterator = {
        dtype: 'int16' as const,
        maxshape: [null, 2],
        *[Symbol.iterator]() {},
      };
      for (const refused of [
        dataset.write(0, 1),
        dataset.append([1, 2]),
        dataset.resize([5, 2]),
        dataset.consume(iterator),
      ])
        expect(await rejection(refused)).toMatchObject({ name: 'OutputError', message });
      expect(() => file.createDataset('/x', SMALL)).toThrow(message);
      await dataset.flush();
      await file.flush();
    });
  });

  test('calls to a closed file are refused', async () => {
    const path = await newFile({ x: SMALL });
    const file = await open(path, 'r+', { workers: 1 });
    const dataset = file.dataset('x');
    const asked = dataset.write(null, 5);
    await Promise.all([file.close(), file.close()]);
    await file.close();
    await asked;
    const message = `${path} is closed, so /x can't be used; open it again`;
    for (const refused of [
      dataset.write(0, 1),
      dataset.append([1, 2]),
      dataset.resize([4, 2]),
      dataset.read(),
      dataset.flush(),
      dataset.blocks().next(),
    ])
      expect(await rejection(refused)).toMatchObject({ name: 'ClosedError', message });
    expect(() => file.dataset('/x')).toThrow(message);
    expect(() => file.createDataset('/x', SMALL)).toThrow(message);
    expect(await rejection(file.flush())).toMatchObject({ name: 'ClosedError' });
    expect(dataset.shape).toEqual([4, 2]);
    expect(readBack(path, 'x').data).toEqual(new Int16Array(8).fill(5));
  });

  test('`await using` closes the file', async () => {
    const path = await newFile({ x: SMALL });
    {
      await using file = await open(path, 'r+', { workers: 1 });
      void file.dataset('x').write(null, 6);
    }
    expect(readBack(path, 'x').data).toEqual(new Int16Array(8).fill(6));
  });

  test('a file is closed with a warning if its program ends', async () => {
    const path = await newFile({ x: SMALL });
    const child = startChild(`
      process.on('warning', ({ message }) => say(message));
      const { open } = await import(${JSON.stringify(BUILT.index)});
      const file = await open(${JSON.stringify(path)}, 'r+', { workers: 2 });
      const dataset = file.dataset('x');
      await dataset.write(null, 7);
      await dataset.flush();
      await dataset.write(0, 8);
      say('flushed');`);
    expect(await child.line()).toBe('flushed');
    expect(await child.line()).toMatch(/was not closed by the program/);
    expect(await child.end()).toBe(0);
    expect(readBack(path, 'x').data).toEqual(new Int16Array(8).fill(7).fill(8, 0, 2));
  });
});

describe('a new dataset', () => {
  const withNew = (body: Parameters<typeof withOpen>[2]) =>
    withOpen(join(tempFolder(), 'a.h5'), 'a', body);

  test('a new dataset has the options that it was created with', async () => {
    await withNew(async (file) => {
      const dataset = file.createDataset('group/in/x', {
        dtype: 'uint64',
        shape: [0, 5],
        maxshape: [null, 5],
        chunks: [3, 5],
        fletcher32: true,
        fillvalue: 7,
      });
      const { path, dtype, shape, maxshape, chunks, fillvalue, filters } = dataset;
      expect({ path, dtype, shape, maxshape, chunks, fillvalue }).toEqual({
        path: '/group/in/x',
        dtype: 'uint64',
        shape: [0, 5],
        maxshape: [null, 5],
        chunks: [3, 5],
        fillvalue: 7n,
      });
      expect(filters.map(({ name }) => name)).toEqual(['shuffle', 'deflate', 'fletcher32']);
      expect(file.dataset('/group/in/x')).toBe(dataset);
      dataset.attributes.set('unit', { dtype: 'string', shape: [], data: ['volts'] });
      expect(dataset.attributes.names()).toEqual(['unit']);
    });
  });

  test.each([
    [
      { dtype: 'float', shape: [3] },
      /Expected a dtype of int8, .*float64 for x but received 'float'/,
    ],
    [{ shape: [3] }, /Expected a dtype of .* for x but received undefined/],
    [
      { dtype: 'int8', shape: [-1] },
      'Expected a shape of whole numbers of at least 0 for x but received [ -1 ]',
    ],
    [
      { dtype: 'int8', shape: 3 },
      'Expected a shape of whole numbers of at least 0 for x but received 3',
    ],
    [
      { dtype: 'int8', shape: [] },
      'Expected a shape of whole numbers of at least 0 for x but received []',
    ],
    [{ dtype: 'int8', shape: [3], compresion: null }, /Unknown key 'compresion' .* 'compression'/],
    [
      { dtype: 'int8', shape: [3], maxshape: [2] },
      /Expected a maxshape .* for \/x but received \[2\]/,
    ],
    [{ dtype: 'int8', shape: [3], chunks: [2, 2] }, /Expected chunks of rank 1 for \/x/],
    [
      { dtype: 'int8', shape: [3], fillvalue: 0.5 },
      /Expected a fillvalue that int8 can hold for \/x/,
    ],
  ])('a new dataset with %j is refused', async (options, message) => {
    await withNew(async (file) => {
      expect(() => file.createDataset('x', options as CreateOptions)).toThrow(message);
      file.createDataset('x', SMALL);
    });
  });

  test('a new dataset needs an unused path', async () => {
    await withNew(async (file) => {
      for (const path of ['', '/'])
        expect(() => file.createDataset(path, SMALL)).toThrow(
          `Expected the path of a new dataset for path but received '${path}'`,
        );
      file.createDataset('x', SMALL);
      expect(() => file.createDataset('/x', SMALL)).toThrow(/\/x: name already exists/);
      expect(() => file.createDataset('/x/y', SMALL)).toThrow(
        /\/x: expected a group but received a dataset/,
      );
    });
  });
});
