import { type AxisSelection, type DType, type NdArray, slice } from '../../src/index.js';
import { ITEM_ARRAYS, type ItemArray, product, ravelIndex } from '../../src/layout/index.js';
import { coordinates } from '../sources/helpers.js';

type Item = number | bigint;

/** A selection along one axis, in numbers that are valid for an axis of any length. */
export interface AxisChoice {
  readonly kind: 'one' | 'slice' | 'list' | 'all';
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly negative: boolean;
}

/** A selection, and the indices that it selects along each axis. */
export interface Selected {
  readonly axes: readonly AxisSelection[];
  readonly indices: readonly (readonly number[])[];
  /** Shape of the result, without the axes that are selected by an integer. */
  readonly shape: readonly number[];
}

/** A simple model of a dataset: all items in C order. */
export class Model {
  readonly dtype: DType;
  readonly #fillvalue: Item;
  shape: readonly number[];
  items: Item[];

  constructor(dtype: DType, shape: readonly number[], fillvalue: Item) {
    this.dtype = dtype;
    this.#fillvalue = fillvalue;
    this.shape = shape;
    this.items = new Array<Item>(product(shape)).fill(fillvalue);
  }

  /** @param beyond whether slices may end beyond the extent, as on reading */
  select(choices: readonly AxisChoice[], beyond: boolean): Selected {
    const chosen = this.shape.map((length, axis) => selectAxis(choices[axis], length, beyond));
    return {
      axes: chosen.map(({ axis }) => axis),
      indices: chosen.map(({ indices }) => indices),
      shape: chosen.filter(({ axis }) => typeof axis !== 'number').map((one) => one.indices.length),
    };
  }

  read(selected: Selected): NdArray {
    const places = this.#places(selected);
    const data = new ITEM_ARRAYS[this.dtype](places.length) as ItemArray;
    for (const [at, place] of places.entries()) data[at] = this.items[place];
    return { data, shape: selected.shape };
  }

  /** A single item is repeated. */
  write(selected: Selected, { data }: NdArray): void {
    for (const [at, place] of this.#places(selected).entries())
      this.items[place] = data[data.length === 1 ? 0 : at];
  }

  resize(shape: readonly number[]): void {
    const before = new Model(this.dtype, this.shape, this.#fillvalue);
    before.items = this.items;
    this.shape = shape;
    this.items = [...coordinates(shape)].map((at) =>
      at.every((index, axis) => index < before.shape[axis])
        ? before.items[ravelIndex(at, before.shape)]
        : this.#fillvalue,
    );
  }

  append({ data, shape: [rows] }: NdArray): void {
    // In C order, rows follow each other.
    this.items = [...this.items, ...data];
    this.shape = [this.shape[0] + rows, ...this.shape.slice(1)];
  }

  get all(): NdArray {
    const data = new ITEM_ARRAYS[this.dtype](this.items.length) as ItemArray;
    for (const [at, item] of this.items.entries()) data[at] = item;
    return { data, shape: this.shape };
  }

  #places({ indices }: Selected): number[] {
    const counts = indices.map(({ length }) => length);
    return [...coordinates(counts)].map((at) =>
      ravelIndex(
        at.map((position, axis) => indices[axis][position]),
        this.shape,
      ),
    );
  }
}

function selectAxis(
  choice: AxisChoice,
  length: number,
  beyond: boolean,
): { axis: AxisSelection; indices: number[] } {
  const { kind, from, to, step, negative } = choice;
  const every = Array.from({ length }, (_, index) => index);
  if (kind === 'all' || (kind === 'one' && length === 0)) return { axis: null, indices: every };
  if (kind === 'one') {
    const index = from % length;
    return { axis: negative ? index - length : index, indices: [index] };
  }
  if (kind === 'list') {
    const indices = every.filter((index) => (from >> (index % 8)) & 1);
    return { axis: indices, indices };
  }
  const start = from % (length + (beyond ? 2 : 1));
  const stop = to % (length + (beyond ? 3 : 1));
  const given = negative && start < length ? start - length : start;
  const indices = every.filter(
    (index) => index >= start && index < stop && (index - start) % step === 0,
  );
  return { axis: slice(given, stop, step), indices };
}
