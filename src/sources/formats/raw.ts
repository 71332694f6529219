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

/** How messages name the option that accepts a longer file. */
const IGNORE = 'check shape, dtype and offset; trailer: ignore leaves the rest out';

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
    const hint = difference > 0 && { hint: IGNORE };
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
