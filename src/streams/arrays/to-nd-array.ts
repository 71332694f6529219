import { type DType, ITEM_ARRAYS, product } from '../../layout/index.js';
import { arrayMisfit, isItemArray, isNdArray, type NdArray } from './nd-array.js';
import { formOf, type NdArrayLike, NestedWriter, refusal } from './nested.js';

/**
 * A value as an n-d array: a number (shape []), nested arrays of numbers or of typed arrays, a typed
 * array (one axis), an n-d array. The last two are not copied.
 *
 * @param dtype the type that plain numbers become, float64 (bigints: int64) by default, and that
 *   typed arrays must have
 * @param name how messages call the value
 * @throws DataError when rows differ in length, or an item or the whole does not fit the dtype
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
