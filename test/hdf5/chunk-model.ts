import fc from 'fast-check';
import type { ChunkLayout, Filter, Hyperslab, Piece } from '../../src/hdf5/index.js';

/** The reference for all comparisons: a dataset in memory, dense, in C order and little endian. */
export interface Model {
  readonly layout: ChunkLayout;
  readonly data: Uint8Array;
}

export const volume = (count: readonly number[]): number => count.reduce((a, b) => a * b, 1);

/** All indexes of an array of this shape, in C order. */
export function* indexes(shape: readonly number[]): Generator<number[]> {
  for (let k = 0; k < volume(shape); k++) {
    const index: number[] = [];
    let rest = k;
    for (let d = shape.length - 1; d >= 0; d--) {
      index[d] = rest % (shape[d] ?? 1);
      rest = Math.floor(rest / (shape[d] ?? 1));
    }
    yield index;
  }
}

/** Position of an index in C order. */
export const rankOf = (index: readonly number[], shape: readonly number[]): number =>
  index.reduce((sum, i, d) => sum * (shape[d] ?? 1) + i, 0);

const plus = (a: readonly number[], b: readonly number[]) => a.map((x, d) => x + (b[d] ?? 0));

/** Starts of the chunks of a hyperslab, in C order. */
export function* chunkStarts(layout: ChunkLayout, slab?: Hyperslab): Generator<number[]> {
  const start = slab?.start ?? layout.extent.map(() => 0);
  const count = slab?.count ?? layout.extent;
  const chunks = count.map((n, d) => Math.ceil(n / (layout.chunk[d] ?? 1)));
  for (const index of indexes(chunks))
    yield plus(
      start,
      index.map((i, d) => i * (layout.chunk[d] ?? 1)),
    );
}

/** The bytes that the chunk must have in memory. */
export function expectedChunk({ layout, data }: Model, start: readonly number[]): Uint8Array {
  const { itemSize, chunk, extent, fillvalue } = layout;
  const out = new Uint8Array(volume(chunk) * itemSize);
  let at = 0;
  for (const index of indexes(chunk)) {
    const cell = plus(start, index);
    const from = rankOf(cell, extent) * itemSize;
    const inside = cell.every((i, d) => i < (extent[d] ?? 0));
    out.set(inside ? data.subarray(from, from + itemSize) : fillvalue, at);
    at += itemSize;
  }
  return out;
}

/** The shuffle filter, implemented literally from its definition. */
export function shuffled(data: Uint8Array, itemSize: number): Uint8Array {
  const items = data.length / itemSize;
  return data.map((_, k) => data[(k % items) * itemSize + Math.floor(k / items)] ?? 0);
}

/** How a piece lies in memory. */
export interface Lay {
  /** Axes from the slowest to the fastest. */
  readonly order: readonly number[];
  /** Per axis: the unused bytes after each index, whether the axis runs backwards, whether it has a table. */
  readonly axes: readonly { gap: number; backwards: boolean; table: boolean }[];
  readonly swap: boolean;
  /** Unused bytes before the piece. */
  readonly head: number;
  readonly shared: boolean;
}

/** Puts a hyperslab of the dataset into memory. */
export function lay({ layout, data }: Model, slab: Hyperslab, how: Lay): Piece {
  const { itemSize, extent } = layout;
  const { count } = slab;
  const steps: (number | Int32Array)[] = [];
  let stride = itemSize;
  let offset = how.head;
  for (const axis of [...how.order].reverse()) {
    const { gap, backwards, table } = how.axes[axis] ?? { gap: 0, backwards: false, table: false };
    const n = count[axis] ?? 0;
    const step = stride + gap;
    const places = Array.from({ length: n }, (_, i) => step * (backwards ? n - 1 - i : i));
    if (table) {
      steps[axis] = Int32Array.from(places);
    } else {
      offset += places[0] ?? 0;
      steps[axis] = backwards ? -step : step;
    }
    stride = step * n;
  }
  const size = how.head + stride;
  const bytes = new Uint8Array(how.shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size));
  for (const index of indexes(count)) {
    const from = rankOf(plus(slab.start, index), extent) * itemSize;
    const item = data.slice(from, from + itemSize);
    const to = index.reduce((sum, i, d) => {
      const step = steps[d] ?? 0;
      return sum + (typeof step === 'number' ? i * step : (step[i] ?? 0));
    }, offset);
    bytes.set(how.swap ? item.reverse() : item, to);
  }
  return { ...slab, bytes, offset, steps, swap: how.swap };
}

/** The whole dataset as one dense piece. */
export const dense = (model: Model): Piece => {
  const { itemSize, extent } = model.layout;
  const steps = extent.map((_, d) => volume(extent.slice(d + 1)) * itemSize);
  const start = extent.map(() => 0);
  return { start, count: extent, bytes: model.data, offset: 0, steps, swap: false };
};

export const filter: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant<Filter>({ kind: 'shuffle' }),
  fc.record({ kind: fc.constant('deflate' as const), level: fc.integer({ min: 0, max: 12 }) }),
  fc.constant<Filter>({ kind: 'fletcher32' }),
);

export const layout: fc.Arbitrary<ChunkLayout> = fc
  .integer({ min: 1, max: 4 })
  .chain((rank) => {
    const most = [0, 150, 40, 9, 6][rank] ?? 1;
    const axes = fc.array(fc.integer({ min: 1, max: most }), { minLength: rank, maxLength: rank });
    return fc.record({
      itemSize: fc.constantFrom(1, 2, 4, 8, 3),
      chunk: axes,
      extent: axes,
      filters: fc.array(filter, { maxLength: 4 }),
    });
  })
  .chain((rest) =>
    fc
      .uint8Array({ minLength: rest.itemSize, maxLength: rest.itemSize })
      .map((fillvalue) => ({ ...rest, fillvalue })),
  );

/** Noise, or only a few different bytes, so that some chunks shrink and some don't. */
export const model: fc.Arbitrary<Model> = layout.chain((layout) =>
  fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer()).map(([mask, seed]) => {
    let state = seed >>> 0;
    const next = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state >>> 24) & mask;
    };
    return {
      layout,
      data: Uint8Array.from({ length: volume(layout.extent) * layout.itemSize }, next),
    };
  }),
);

/** A dataset and two pieces that tile it, each with a memory layout of its own. */
export const tiled: fc.Arbitrary<Model & { readonly pieces: readonly Piece[] }> = model.chain(
  (model) => {
    const { extent, itemSize } = model.layout;
    const rank = extent.length;
    const how: fc.Arbitrary<Lay> = fc.record({
      order: fc.shuffledSubarray(
        extent.map((_, d) => d),
        { minLength: rank },
      ),
      axes: fc.array(
        fc.record({
          gap: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(3)),
          backwards: fc.boolean(),
          table: fc.boolean(),
        }),
        { minLength: rank, maxLength: rank },
      ),
      swap: itemSize === 3 ? fc.constant(false) : fc.boolean(),
      head: fc.nat(5),
      shared: fc.boolean(),
    });
    const cut = fc.nat(rank - 1).chain((axis) =>
      fc.nat(extent[axis] ?? 0).map((at) => {
        const put = (base: readonly number[], value: number) => base.with(axis, value);
        const origin = extent.map(() => 0);
        return [
          { start: origin, count: put(extent, at) },
          { start: put(origin, at), count: put(extent, (extent[axis] ?? 0) - at) },
        ] as const;
      }),
    );
    return fc.tuple(cut, how, how).map(([[first, second], one, two]) => ({
      ...model,
      pieces: [lay(model, first, one), lay(model, second, two)],
    }));
  },
);
