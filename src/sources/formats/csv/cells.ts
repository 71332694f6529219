import { type DType, ITEM_ARRAYS, type ItemArray } from '../../../layout/dtype.js';
import { fitsFloat32, numberFits } from '../../../layout/dtype-range.js';

/** Converts the text of a cell to an item; undefined if the type can't hold it. */
export type ReadCell = (cell: string) => number | bigint | undefined;

const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;
const NOT_FINITE: Readonly<Record<string, number>> = {
  ...{ '': Number.NaN, nan: Number.NaN, '+nan': Number.NaN, '-nan': Number.NaN },
  ...{ inf: Number.POSITIVE_INFINITY, '+inf': Number.POSITIVE_INFINITY },
  ...{ infinity: Number.POSITIVE_INFINITY, '+infinity': Number.POSITIVE_INFINITY },
  ...{ '-inf': Number.NEGATIVE_INFINITY, '-infinity': Number.NEGATIVE_INFINITY },
};

/** How the cells of a column become items. Empty cells are NaN in float types, and refused by integer types. */
export function cellReader(dtype: DType): ReadCell {
  if (dtype === 'int64' || dtype === 'uint64') return (cell) => readBigInt(cell, dtype);
  if (dtype === 'float32' || dtype === 'float64') return (cell) => readFloat(cell, dtype);
  return (cell) => {
    const value = INTEGER.test(cell) ? Number(cell) : Number.NaN;
    return numberFits(value, dtype) ? value : undefined;
  };
}

function readFloat(cell: string, dtype: 'float32' | 'float64'): number | undefined {
  if (!FLOAT.test(cell)) return NOT_FINITE[cell.toLowerCase()];
  const value = Number(cell);
  const fits = Number.isFinite(value) && (dtype === 'float64' || fitsFloat32(value));
  return fits ? value : undefined;
}

function readBigInt(cell: string, dtype: 'int64' | 'uint64'): bigint | undefined {
  if (!INTEGER.test(cell)) return undefined;
  const value = BigInt(cell.replace('+', ''));
  const kept = dtype === 'int64' ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  return kept === value ? value : undefined;
}

/** A typed array over `bytes`, which must begin at a multiple of the size of an item. */
export function itemsOver(bytes: Uint8Array, dtype: DType): ItemArray {
  const Items = ITEM_ARRAYS[dtype];
  return new Items(
    bytes.buffer as ArrayBuffer,
    bytes.byteOffset,
    bytes.length / Items.BYTES_PER_ELEMENT,
  );
}

/** What messages say of a cell that can't be converted. */
export function cellMisfit(
  cell: string,
  dtype: DType,
): { expected: string; received: string; hint?: string } {
  const isFloat = dtype.startsWith('float');
  const expected = isFloat
    ? `a number that ${dtype} can hold`
    : `a whole number that ${dtype} can hold`;
  if (cell === '') return { expected, received: 'an empty cell' };
  const hasComma = /^[+-]?\d*,\d+$/.test(cell);
  return {
    expected,
    received: `'${cell}'`,
    ...(hasComma && { hint: 'write decimals with a point' }),
  };
}
