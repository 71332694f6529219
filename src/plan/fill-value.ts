import type { TypedArray, Value } from '../hdf5/index.js';
import { type DType, LayoutError, numberFits } from '../layout/index.js';
import { numbers } from '../nwb/index.js';

/** A number as the fill value of a dataset. @throws LayoutError if the type can't hold the number */
export function fillValue(dtype: DType, value: number, name: string): Value {
  if (!numberFits(value, dtype))
    throw new LayoutError({
      name,
      expected: `a fillvalue that ${dtype} can hold`,
      received: String(value),
    });
  return numbers([value], [], dtype);
}

/** The bytes of items, in the byte order of the host. */
export function itemBytes(items: TypedArray): Uint8Array {
  return new Uint8Array(items.buffer, items.byteOffset, items.byteLength);
}
