import { within } from '../../hyperslab-error.js';
import { itemSize } from '../../layout/dtype.js';
import { product } from '../../layout/hyperslab.js';
import type { AxisPick } from '../../layout/pick.js';
import { plural } from '../../wording.js';
import { SourceError } from '../errors.js';
import { openArrayFile } from '../reading/array-file.js';
import { resolveColumns } from '../reading/columns.js';
import { statFile } from '../reading/positional-read.js';
import type { RawSpec } from '../spec.js';
import type { SourceFile, SourceReader } from '../types.js';

/**
 * Opens a plain binary file.
 *
 * @throws SourceError if the file is missing, or its size does not match the shape
 */
export function openRaw(spec: RawSpec): SourceReader {
  const file = within('path', () => statFile(spec.path));
  const shape = within('shape', () => inferShape(spec, file));
  return openArrayFile({
    file,
    dtype: spec.dtype,
    shape,
    offset: spec.offset ?? 0,
    order: spec.order ?? 'C',
    bigEndian: spec.endian === 'big',
    columns: within('columns', () => selectColumns(spec.columns, shape, spec.path)),
  });
}

/** @throws SourceError if columns are selected from an array of fewer than 2 axes, or a column does not exist */
export function selectColumns(
  columns: string | readonly number[] | undefined,
  shape: readonly number[],
  path: string,
): AxisPick {
  if (columns !== undefined && shape.length < 2) {
    throw new SourceError({
      path,
      expected: 'at least 2 axes to select columns from',
      received: `shape [${shape.join(', ')}]`,
    });
  }
  return resolveColumns(columns, shape[shape.length - 1], path);
}

/** Messages name numbers of columns that would fit: the nearest to a wrong number, up to this far from it. */
const NEAR = 8;
/** The most numbers that a message names. */
const NAMED = 3;

/**
 * What to do about a file that is too long.
 *
 * @param counts numbers of columns that would fit
 */
function adviceFor(counts: readonly number[]): string {
  const last = counts.at(-1);
  const first = counts.slice(0, -1).join(', ');
  const fit =
    last === undefined ? '' : ` (${first && `${first} or `}${plural(last, 'column')} would fit)`;
  return `check shape${fit}, dtype and offset; trailer: ignore leaves the rest out`;
}

/** The numbers of columns nearest to the one given that make whole rows, ascending. */
function fittingColumns({ dtype, shape }: RawSpec, bytes: number): number[] {
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows !== null || columns === null) return [];
  const counts = Array.from({ length: 2 * NEAR }, (_, at) => {
    const distance = (at >> 1) + 1;
    return at % 2 === 0 ? columns + distance : columns - distance;
  });
  return counts
    .filter((count) => count > 0 && bytes % (count * itemSize(dtype)) === 0)
    .slice(0, NAMED)
    .sort((a, b) => a - b);
}

function inferShape(spec: RawSpec, file: SourceFile): number[] {
  const { dtype, shape, path, offset = 0, trailer = 'refuse' } = spec;
  const known = shape.filter((length) => length !== null);
  const rowBytes = product(known) * itemSize(dtype);
  const row = `${plural(rowBytes, 'byte')} (${[...known, dtype].join(' x ')})`;
  const where = `after offset ${offset} in ${path}`;
  const bytes = file.size - offset;
  if (bytes < 0) {
    throw new SourceError({
      path,
      expected: `at least ${plural(offset, 'byte')}, the offset of the data,`,
      received: plural(file.size, 'byte'),
    });
  }
  const refuse = (expected: string, difference: number): never => {
    const how = difference > 0 ? 'over' : 'short';
    const received = `${plural(bytes, 'byte')}: ${plural(Math.abs(difference), 'byte')} ${how}`;
    const hint = difference > 0 && { hint: adviceFor(fittingColumns(spec, bytes)) };
    throw new SourceError({ path, where, expected, received, ...hint });
  };
  if (known.length === shape.length) {
    if (bytes < rowBytes || (bytes > rowBytes && trailer === 'refuse'))
      refuse(row, bytes - rowBytes);
    return known;
  }
  if (bytes === 0) {
    const received = file.size === 0 ? 'an empty file' : 'nothing';
    throw new SourceError({ path, where, expected: `at least one row of ${row}`, received });
  }
  const over = bytes % rowBytes;
  if (over === bytes) refuse(`at least one row of ${row}`, bytes - rowBytes);
  if (over !== 0 && trailer === 'refuse') refuse(`a multiple of ${row}`, over);
  return shape.map((length) => length ?? (bytes - over) / rowBytes);
}
