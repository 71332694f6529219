import { product } from '../../layout/index.js';
import { plural } from '../../wording.js';
import { DataError } from './data-error.js';
import type { NdArray } from './nd-array.js';

/**
 * Gives a typed array, which has no shape, the shape of rows.
 *
 * @param row shape of a row, in elements
 * @param name of the data in messages
 * @throws DataError if the last row is incomplete
 */
export function asRows({ data }: NdArray, row: readonly number[], name: string): NdArray {
  const size = product(row);
  const rows = data.length / size;
  if (Number.isInteger(rows)) return { data, shape: [rows, ...row] };
  const expected = `whole rows of shape [${row.join(', ')}], ${plural(size, 'item')} each,`;
  throw new DataError({ name, expected, received: plural(data.length, 'item') });
}
