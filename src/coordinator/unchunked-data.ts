import {
  copyItems,
  type Dataset,
  Hdf5Error,
  type Lattice,
  type RegularSelection,
  type Value,
} from '../hdf5/index.js';
import {
  cells,
  type DType,
  denseSteps,
  ITEM_ARRAYS,
  type ItemArray,
  isList,
  itemSize,
  LayoutError,
  product,
  type ResolvedSelection,
} from '../layout/index.js';
import { chunkProblem } from '../plan/index.js';
import { latticeOf } from './gather/lattices.js';

type Picked = Pick<ResolvedSelection, 'picks' | 'count'>;

/** At most this many bytes go through libhdf5 at once, because they are copied on the way. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Whether all values of a dataset lie in one piece: nothing reads and writes them faster than libhdf5. */
export function isUnchunked({ layout }: Dataset): boolean {
  return layout === 'contiguous' || layout === 'compact';
}

/**
 * Reads a selection through libhdf5, on the calling thread.
 *
 * @param into the values, dense, as many as are picked
 * @throws LayoutError if libhdf5 lacks a filter of the dataset; Hdf5Error if the values can't be read
 */
export function readThroughLibrary(dataset: Dataset, picked: Picked, into: ItemArray): void {
  const size = into.BYTES_PER_ELEMENT;
  const to = latticeOf({ data: into, shape: picked.count }, picked.count);
  for (const { selection, start } of regularParts(picked, size)) {
    const { count } = selection;
    const data = readPart(dataset, selection) as ItemArray;
    copyItems(latticeOf({ data, shape: count }, count), movedBy(to, start), count, size);
  }
}

function readPart(dataset: Dataset, selection: RegularSelection): Value['data'] {
  try {
    return dataset.read(selection).data;
  } catch (error) {
    const problem = chunkProblem(dataset);
    if (!problem || !lacksFilter(error)) throw error;
    throw new LayoutError({ name: dataset.path, ...problem }, { cause: error });
  }
}

/** Whether libhdf5 failed because it found no plugin for a filter. */
function lacksFilter(error: unknown): boolean {
  if (!(error instanceof Hdf5Error)) return false;
  return error.fields.frames.some(({ major, minor }) =>
    /^plugin|filter/i.test(`${major} ${minor}`),
  );
}

/**
 * Writes a selection through libhdf5, on the calling thread.
 *
 * @param from the data, as many along each axis as are picked, in the byte order of the host
 * @param dtype dtype of the data
 * @throws Hdf5Error
 */
export function writeThroughLibrary(
  dataset: Dataset,
  picked: Picked,
  from: Lattice,
  dtype: DType,
): void {
  const size = itemSize(dtype);
  for (const { selection, start } of regularParts(picked, size)) {
    const { count } = selection;
    const data = new ITEM_ARRAYS[dtype](product(count));
    const to = { bytes: new Uint8Array(data.buffer), offset: 0, steps: denseSteps(count, size) };
    copyItems(movedBy(from, start), to, count, size);
    dataset.write(data, selection);
  }
}

interface RegularPart {
  readonly selection: RegularSelection;
  /** Where the part begins among the picked elements, per axis. */
  readonly start: readonly number[];
}

/** Cuts a selection into regular selections of bounded size. Of an index list, each index is a part of its own. */
function* regularParts({ picks, count }: Picked, size: number): Generator<RegularPart> {
  if (count.includes(0)) return;
  const cell = count.map((length, axis) => (isList(picks[axis]) ? 1 : length));
  for (let axis = 0; axis < cell.length; axis++)
    while (cell[axis] > 1 && product(cell) * size > MAX_BYTES)
      cell[axis] = Math.ceil(cell[axis] / 2);
  for (const part of cells({ extent: count, cell })) {
    const start = picks.map((pick, axis) =>
      isList(pick) ? pick.indices[part.start[axis]] : pick.first + part.start[axis] * pick.step,
    );
    const step = picks.map((pick) => (isList(pick) ? 1 : pick.step));
    yield { selection: { start, count: part.count, step }, start: part.start };
  }
}

function movedBy(lattice: Lattice, start: readonly number[]): Lattice {
  const offset = start.reduce((sum, at, axis) => sum + at * lattice.steps[axis], lattice.offset);
  return { ...lattice, offset };
}
