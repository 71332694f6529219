import { chunkProblem, latticeOf } from '../coordinator/engine.js';
import {
  copyItems,
  type Dataset,
  Hdf5Error,
  type Lattice,
  type Selection,
  type Value,
} from '../hdf5/index.js';
import {
  denseSteps,
  type ItemArray,
  isList,
  LayoutError,
  product,
  type ResolvedSelection,
} from '../layout/index.js';
import type { NdArray } from '../sources/index.js';

/** Whether all values lie in one piece: libhdf5 reads and writes them as fast as anyone. */
export function isUnchunked({ layout }: Dataset): boolean {
  return layout === 'contiguous' || layout === 'compact';
}

/**
 * Reads what is selected through libhdf5, on this thread, into dense memory.
 *
 * @throws LayoutError where libhdf5 has not got the dataset's filters either
 */
export function readThroughLibrary(
  dataset: Dataset,
  resolved: ResolvedSelection,
  into: ItemArray,
): void {
  const to = latticeOf({ data: into, shape: resolved.count }, resolved.count);
  for (const { selection, axis, at } of regularParts(resolved)) {
    const { count } = selection;
    const { data } = readPart(dataset, selection);
    const from = latticeOf({ data: data as ItemArray, shape: count }, count);
    copyItems(from, movedBy(to, axis, at), count, into.BYTES_PER_ELEMENT);
  }
}

function readPart(dataset: Dataset, selection: Selection): Value {
  try {
    return dataset.read(selection);
  } catch (error) {
    const problem = chunkProblem(dataset);
    if (!problem || !lacksFilter(error)) throw error;
    const refusal = new LayoutError({ name: dataset.path, ...problem });
    refusal.cause = error;
    throw refusal;
  }
}

/** libhdf5 has looked for a plugin, and found none. */
function lacksFilter(error: unknown): boolean {
  if (!(error instanceof Hdf5Error)) return false;
  return error.frames.some(({ major, minor }) => /^plugin|filter/i.test(`${major} ${minor}`));
}

/** Writes what is selected through libhdf5, on this thread. A single item is repeated. */
export function writeThroughLibrary(
  dataset: Dataset,
  resolved: ResolvedSelection,
  array: NdArray,
): void {
  const from = latticeOf(array, resolved.count);
  const itemSize = array.data.BYTES_PER_ELEMENT;
  for (const { selection, axis, at } of regularParts(resolved)) {
    const { count } = selection;
    const bytes = new Uint8Array(product(count) * itemSize);
    const to = { bytes, offset: 0, steps: denseSteps(count, itemSize) };
    copyItems(movedBy(from, axis, at), to, count, itemSize);
    const Items = array.data.constructor as new (buffer: ArrayBuffer) => ItemArray;
    dataset.write(new Items(bytes.buffer), selection);
  }
}

interface RegularPart {
  readonly selection: Selection;
  /** Where it belongs: at this position along this axis of what is selected. */
  readonly axis: number;
  readonly at: number;
}

/** libhdf5 is asked for regular selections; an index list is taken one index at a time. */
function* regularParts({ picks, count }: ResolvedSelection): Generator<RegularPart> {
  if (count.includes(0)) return;
  const listed = picks.findIndex(isList);
  const start = picks.map((pick) => (isList(pick) ? 0 : pick.first));
  const step = picks.map((pick) => (isList(pick) ? 1 : pick.step));
  const list = picks[listed];
  if (!list || !isList(list)) {
    yield { selection: { start, count, step }, axis: 0, at: 0 };
    return;
  }
  for (const [at, index] of list.indices.entries()) {
    const selection = { start: start.with(listed, index), count: count.with(listed, 1), step };
    yield { selection, axis: listed, at };
  }
}

function movedBy(lattice: Lattice, axis: number, positions: number): Lattice {
  // A scalar has no axes.
  return { ...lattice, offset: lattice.offset + positions * (lattice.steps[axis] ?? 0) };
}
