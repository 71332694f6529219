import type { DType, Selection } from '../layout/index.js';
import { DataError, showValue } from './arrays/data-error.js';
import { dtypeOf, type NdArray } from './arrays/nd-array.js';
import { formOf, type NdArrayLike } from './arrays/nested.js';
import { toNdArray } from './arrays/to-nd-array.js';

/** A block of data, and where in the dataset it belongs. */
export class DataChunk {
  readonly data: NdArray;
  /** As numpy has it: `[slice(0, 100), 3]`. */
  readonly selection: Selection;
  /** Given as plain numbers, which become what the iterator declares. */
  readonly plain: boolean;

  /**
   * @param data a typed array or an n-d array, which are not copied; or (nested) numbers
   * @throws DataError when the data isn't rectangular, or there is no selection
   */
  constructor(data: NdArrayLike, selection: Selection) {
    if (selection === undefined) {
      throw new DataError({
        name: 'a DataChunk',
        expected: 'a selection',
        received: showValue(selection),
      });
    }
    this.data = toNdArray(data, undefined, 'the data of a DataChunk');
    this.selection = selection;
    this.plain = formOf(data)?.plain ?? false;
  }
}

/**
 * What an iterator yielded, as a DataChunk whose data has the declared dtype: plain numbers are
 * converted, typed arrays must have it already.
 *
 * @param value a DataChunk, or an object with its data and selection
 * @param name how messages call the chunk
 * @throws DataError when it is no DataChunk, or its data is of another dtype or does not fit
 */
export function checkDataChunk(value: unknown, dtype: DType, name: string): DataChunk {
  if (!isChunkLike(value)) {
    throw new DataError({ name, expected: 'a DataChunk', received: showValue(value) });
  }
  const { data, selection } = value;
  if (value instanceof DataChunk) {
    if (dtypeOf(value.data.data) === dtype) return value;
    if (value.plain) return new DataChunk(convert(value.data, dtype, name), selection);
  }
  return new DataChunk(toNdArray(data, dtype, name), selection);
}

function isChunkLike(value: unknown): value is { data: NdArrayLike; selection: Selection } {
  return typeof value === 'object' && value !== null && 'data' in value && 'selection' in value;
}

/** Plain numbers became float64 where nothing was declared; here they become what is. */
function convert({ data, shape }: NdArray, dtype: DType, name: string): NdArray {
  return { data: toNdArray(Array.from<number | bigint>(data), dtype, name).data, shape };
}
