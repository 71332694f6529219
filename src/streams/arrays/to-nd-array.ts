import { type DType, ITEM_ARRAYS, product } from '../../layout/index.js';
import { arrayMisfit, isItemArray, isNdArray, type NdArray } from './nd-array.js';
import { formOf, type NdArrayLike, NestedWriter, refusal } from './nested.js';

/**
 * Converts a value to an n-d array: a number (shape `[]`), nested arrays of numbers or typed arrays, a typed
 * array (one axis), or an n-d array. Typed arrays and n-d arrays are not copied.
 *
 * @param dtype the type of the result; typed arrays must have it already. Default: float64 for numbers, int64 for
 * bigints, else that of the typed arrays
 * @param name the value's name in messages
 * @throws DataError if rows differ in length, an item does not fit the dtype, or an array has another dtype
 */
export function toNdArray(value: NdArrayLike, dtype?: DType, name = 'an n-d array'): NdArray {
  const form = formOf(value);
  if (!form) throw refusal(value, dtype ?? 'float64', [], name);
  const { shape } = form;
  const type = dtype ?? form.dtype;
  if (isItemArray(value) || isNdArray(value)) {
    const array = isNdArray(value) ? value : { data: value, shape };
    if (type !== form.dtype || arrayMisfit(array)) throw refusal(value, type, shape, name);
    return array;
  }
  const data = new ITEM_ARRAYS[type](product(shape));
  if (!new NestedWriter(type, shape).write(data, 0, value)) {
    throw refusal(value, type, shape, name);
  }
  return { data, shape };
}
