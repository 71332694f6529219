import fc from 'fast-check';
import { DataChunk, type NdArray } from '../../src/index.js';
import {
  type AxisSelection,
  type DType,
  type ItemArray,
  itemSize,
  type Maxshape,
  product,
  ravelIndex,
  slice,
} from '../../src/layout/index.js';
import { coordinates } from '../sources/helpers.js';
import { bytesOf, noise, zeros } from './recordings.js';

/** The picks along one axis, before the extent is known. */
export type AxisChoice =
  | { readonly kind: 'one'; readonly at: number }
  | {
      readonly kind: 'slice';
      readonly start: number;
      readonly count: number;
      readonly step: number;
    }
  | { readonly kind: 'list'; readonly indices: readonly number[] }
  /** The whole axis; if the axis can grow, `count` elements. */
  | { readonly kind: 'all'; readonly count: number };

/** A DataChunk that is still to be made. Only its shape depends on the extent at that time. */
export interface Step {
  readonly axes: readonly AxisChoice[];
  readonly values: 'noise' | 'fill' | 'scalar';
  readonly seed: number;
}

/** Picks along an axis, within its first `length` elements. */
function choices(length: number): fc.Arbitrary<AxisChoice> {
  const index = fc.nat(length - 1);
  const all = Array.from({ length }, (_, i) => i);
  return fc.oneof(
    fc.record({ kind: fc.constant('one' as const), at: index }),
    fc
      .tuple(index, fc.integer({ min: 1, max: 4 }), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([start, step, share]) => {
        const max = Math.ceil((length - start) / step);
        return { kind: 'slice' as const, start, step, count: Math.round(share * max) };
      }),
    fc.subarray(all).map((indices) => ({ kind: 'list' as const, indices })),
    fc.record({ kind: fc.constant('all' as const), count: fc.integer({ min: 0, max: length }) }),
  );
}

/** Steps within a box of the given lengths. A selection has at most one index list, as in h5py. */
export function stepsWithin(box: readonly number[]): fc.Arbitrary<Step> {
  const axes = fc
    .tuple(...box.map(choices))
    .filter((all) => all.filter(({ kind }) => kind === 'list').length < 2);
  return fc.record({
    axes,
    values: fc.constantFrom('noise', 'noise', 'noise', 'fill', 'scalar'),
    seed: fc.nat(),
  });
}

/** A simple model of a dataset: all items of a box that contains every extent. */
export class SparseModel {
  readonly #dtype: DType;
  readonly #box: readonly number[];
  readonly #maxshape: Maxshape;
  readonly #fillvalue: Uint8Array;
  readonly #bytes: Uint8Array;
  extent: readonly number[];
  /** Bytes of all data received so far. */
  received = 0;

  constructor(
    dtype: DType,
    box: readonly number[],
    { extent, maxshape }: { extent: readonly number[]; maxshape: Maxshape },
    fillvalue: Uint8Array,
  ) {
    this.#dtype = dtype;
    this.#box = box;
    this.#maxshape = maxshape;
    this.#fillvalue = fillvalue;
    this.extent = extent;
    const items = Array.from({ length: product(box) }, () => [...fillvalue]);
    this.#bytes = Uint8Array.from(items.flat());
  }

  /** Takes in a step, and returns the DataChunk that must have the same effect on a file. */
  take({ axes, values, seed }: Step): DataChunk {
    const isScalar = values === 'scalar';
    const indices = axes.map((axis, at) => this.#indices(axis, at, isScalar));
    const counts = indices.map(({ length }) => length);
    const shape = isScalar ? [] : counts.filter((_, at) => axes[at].kind !== 'one');
    const data = this.#data(shape, values, seed);
    const from = bytesOf(data);
    const size = itemSize(this.#dtype);
    let at = 0;
    for (const position of coordinates(counts)) {
      const index = position.map((place, axis) => indices[axis][place]);
      this.#bytes.set(from.subarray(at, at + size), ravelIndex(index, this.#box) * size);
      if (!isScalar) at += size;
    }
    if (!counts.includes(0))
      this.extent = this.extent.map((length, axis) =>
        Math.max(length, (indices[axis].at(-1) as number) + 1),
      );
    this.received += from.length;
    return new DataChunk(data, axes.map(selectionOf));
  }

  /** Bytes of all items within the extent, in C order. */
  get bytes(): Buffer {
    const size = itemSize(this.#dtype);
    const items = [...coordinates(this.extent)].map((index) => {
      const at = ravelIndex(index, this.#box) * size;
      return this.#bytes.subarray(at, at + size);
    });
    return Buffer.concat(items);
  }

  #indices(axis: AxisChoice, at: number, isScalar: boolean): number[] {
    if (axis.kind === 'one') return [axis.at];
    if (axis.kind === 'list') return [...axis.indices];
    if (axis.kind === 'slice')
      return Array.from({ length: axis.count }, (_, i) => axis.start + i * axis.step);
    const canGrow = (this.#maxshape[at] ?? Number.POSITIVE_INFINITY) > this.extent[at];
    const length = canGrow && !isScalar ? axis.count : this.extent[at];
    return Array.from({ length }, (_, i) => i);
  }

  #data(shape: readonly number[], values: Step['values'], seed: number): NdArray {
    const length = product(shape);
    const data =
      values === 'fill' ? zeros(this.#dtype, length) : noiseFrom(seed, this.#dtype, length);
    const bytes = bytesOf({ data });
    if (values === 'fill')
      for (let at = 0; at < bytes.length; at += this.#fillvalue.length)
        bytes.set(this.#fillvalue, at);
    return { data: data as ItemArray, shape };
  }
}

/** Noise that differs for each seed. */
function noiseFrom(seed: number, dtype: DType, length: number) {
  const first = seed % 1000;
  return noise([first + length], dtype).items.slice(first);
}

function selectionOf(axis: AxisChoice): AxisSelection {
  if (axis.kind === 'one') return axis.at;
  if (axis.kind === 'list') return axis.indices;
  if (axis.kind === 'all') return null;
  const { start, step, count } = axis;
  return slice(start, start + count * step, step);
}
