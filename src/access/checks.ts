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

/** @throws OutputError in a file that is only read; LayoutError for a dataset whose chunks can't be encoded */
export function requireWritable(session: Session, dataset: Dataset): void {
  session.requireWritable(dataset.path);
  const problem = chunkProblem(dataset);
  if (problem && !isUnchunked(dataset)) throw new LayoutError({ name: dataset.path, ...problem });
}

/** @throws LayoutError for an extent of another rank, or beyond maxshape */
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
 * The shape of data as rows to be put behind the last ones.
 *
 * @param shape of the data: of the dataset's rank, or of one row
 * @throws LayoutError where it is neither
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
        ? 'a dataset that has axes, to append to,'
        : `data of shape [${['n', ...row].join(', ')}] to append to [${extent.join(', ')}]`,
    received: `${extent.length === 0 ? 'a scalar' : `shape [${shape.join(', ')}]`}`,
  });
}

/** @throws LayoutError where items take more memory than allowed */
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
