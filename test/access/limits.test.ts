import { join } from 'node:path';
import { expect, test } from 'vitest';
import { open } from '../../src/index.js';
import { rejection, tempFolder } from '../support/recordings.js';

test('a dataset of more axes or items than HDF5 holds is refused', async () => {
  await using file = await open(join(tempFolder(), 'a.h5'), 'a');
  const create = (shape: number[]) => () => file.createDataset('/x', { dtype: 'int8', shape });
  expect(create(Array(33).fill(1))).toThrow('Expected at most 32 axes for /x but received 33');
  expect(create([2 ** 27, 2 ** 27])).toThrow(
    'Expected at most 2^53 - 1 items for /x but received the shape [134217728, 134217728], of about 1.80e+16',
  );
  expect(create(Array(32).fill(1))().shape).toHaveLength(32);
});

test.each([
  ['v110', [2 ** 36, 1], 'Expected fewer than 4294967296 chunks with libver'],
  ['earliest', [2 ** 53 - 1, 2], 'Expected at most 2^53 - 1 items'],
] as const)(
  'a dataset with libver %s does not grow to %j, and stays as it was',
  async (libver, shape, words) => {
    await using file = await open(join(tempFolder(), 'a.h5'), 'a', { libver });
    const data = file.createDataset('/x', {
      dtype: 'int8',
      shape: [4, shape[1]],
      maxshape: [null, shape[1]],
      chunks: [16, 1],
    });
    expect(await rejection(data.resize([...shape]))).toMatchObject({
      tag: 'LayoutError',
      message: expect.stringContaining(`${words}`),
    });
    expect(data.shape).toEqual([4, shape[1]]);
    await data.write(null, 7);
    expect([...(await data.read()).data]).toEqual(Array(4 * shape[1]).fill(7));
  },
);
