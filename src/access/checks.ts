import { isUnchunked } from '../coordinator/index.js';
import type { Dataset } from '../hdf5/index.js';
import {
  type DType,
  formatBytes,
  itemSize,
  LayoutError,
  type Maxshape,
  makeGrid,
  type Selection,
  showSelection,
} from '../layout/index.js';
import { chunkProblem } from '../plan/index.js';
import type { Session } from './session.js';

/** @throws OutputError if the file was opened to read only; LayoutError if the dataset's chunks can't be encoded */
export function requireWritable(session: Session, dataset: Dataset): void {
  session.requireWritable(dataset.path);
  const problem = chunkProblem(dataset);
  if (problem && !isUnchunked(dataset)) throw new LayoutError({ name: dataset.path, ...problem });
}

/** @throws LayoutError if an extent has another rank than maxshape, or exceeds it */
export function checkExtent(extent: readonly number[], maxshape: Maxshape, name: string): void {
  const lengths: readonly unknown[] = Array.isArray(extent) ? extent : [extent];
  if (lengths.length !== maxshape.length)
    throw new LayoutError({
      name,
      expected: `an extent of ${maxshape.length} axes`,
      received: `[${lengths.join(', ')}]`,
    });
  const ones = maxshape.map(() => 1);
  makeGrid(extent, ones, name);
  if (extent.every((length, axis) => length <= (maxshape[axis] ?? Number.POSITIVE_INFINITY)))
    return;
  throw new LayoutError({
    name,
    expected: `an extent within its maxshape [${maxshape.map(String).join(', ')}]`,
    received: `[${extent.join(', ')}]`,
  });
}

/**
 * The shape of data to append, as a number of rows. A single row may have one axis less.
 *
 * @param shape of the data
 * @param extent of the dataset
 * @throws LayoutError if the data are not rows of the dataset
 */
export function rowsOf(
  shape: readonly number[],
  extent: readonly number[],
  name: string,
): readonly number[] {
  const row = extent.slice(1);
  const rows = shape.length === row.length ? [1, ...shape] : shape;
  if (rows.length === extent.length && String(rows.slice(1)) === String(row)) return rows;
  throw new LayoutError({
    name,
    expected:
      extent.length === 0
        ? 'a dataset with axes, to append to,'
        : `data of shape [${['n', ...row].join(', ')}] to append to [${extent.join(', ')}]`,
    received: `${extent.length === 0 ? 'a scalar' : `shape [${shape.join(', ')}]`}`,
  });
}

/** @throws LayoutError if a selection of `items` items takes more bytes than `memory` */
export function checkMemory(
  items: number,
  { dtype, path }: { readonly dtype: DType; readonly path: string },
  selection: Selection,
  memory: number,
): void {
  const bytes = items * itemSize(dtype);
  if (bytes <= memory) return;
  throw new LayoutError({
    name: `${path}${showSelection(selection)}`,
    expected: `at most the ${formatBytes(memory)} of memory that are allowed`,
    received: `${formatBytes(bytes)} (${items} items of ${dtype})`,
    hint: 'read a part, or all of it in blocks()',
  });
}
