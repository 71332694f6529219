import type { DType, Selection } from '../layout/index.js';
import { DataError, showValue } from './arrays/data-error.js';
import { dtypeOf, type NdArray } from './arrays/nd-array.js';
import { formOf, type NdArrayLike } from './arrays/nested.js';
import { toNdArray } from './arrays/to-nd-array.js';

/** A block of data, and the selection of the dataset that it belongs to. */
export class DataChunk {
  readonly data: NdArray;
  /** A selection as in numpy: `[slice(0, 100), 3]`. */
  readonly selection: Selection;
  /** Whether the data were given as plain numbers, which are converted to the dtype of the iterator. */
  readonly plain: boolean;

  /**
   * @param data a typed array or an n-d array, which is not copied, or (nested arrays of) numbers
   * @throws DataError if the data are not rectangular, or the selection is missing
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
 * Converts a value that an iterator yielded to a DataChunk of the declared dtype. Plain numbers are converted;
 * typed arrays must have the dtype already.
 *
 * @param value a DataChunk, or an object with `data` and `selection`
 * @param name the chunk's name in messages
 * @throws DataError if the value is not a DataChunk, its data have another dtype, or a number does not fit the
 * dtype
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

/** Converts plain numbers, which DataChunk stores as float64, to the declared dtype. */
function convert({ data, shape }: NdArray, dtype: DType, name: string): NdArray {
  return { data: toNdArray(Array.from<number | bigint>(data), dtype, name).data, shape };
}
