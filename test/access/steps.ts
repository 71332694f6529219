import fc from 'fast-check';
import { expect } from 'vitest';
import type { DType, NdArray, OpenDataset } from '../../src/index.js';
import { DTYPES, type ItemArray, type Maxshape, product } from '../../src/layout/index.js';
import { bytesOf, noise } from '../support/recordings.js';
import type { AxisChoice, Model } from './model.js';

/** A dataset to create. */
export interface Made {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly maxshape: Maxshape;
  readonly chunks: readonly number[];
  readonly compression: 'gzip' | null;
  readonly shuffle: boolean;
  readonly fletcher32: boolean;
  readonly fillvalue: number;
}

/** A call to a dataset. Numbers are reduced to what its extent allows. */
export type Step =
  | {
      readonly kind: 'write';
      readonly axes: readonly AxisChoice[];
      readonly seed: number;
      readonly scalar: boolean;
    }
  | { readonly kind: 'read'; readonly axes: readonly AxisChoice[] }
  | { readonly kind: 'append'; readonly rows: number; readonly seed: number }
  | { readonly kind: 'resize'; readonly lengths: readonly number[] }
  | { readonly kind: 'flush' }
  | { readonly kind: 'reopen' };

/** Largest length of an axis. */
const LENGTH = 9;

const axis: fc.Arbitrary<AxisChoice> = fc.record({
  kind: fc.constantFrom('one', 'slice', 'slice', 'list', 'all'),
  from: fc.nat(255),
  to: fc.nat(255),
  step: fc.integer({ min: 1, max: 3 }),
  negative: fc.boolean(),
});

const axes = fc
  .array(axis, { minLength: 3, maxLength: 3 })
  // As in h5py, a selection may have at most one list.
  .filter((all) => all.filter(({ kind }) => kind === 'list').length < 2);

const seed = fc.nat(999);

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('write' as const),
        axes,
        seed,
        scalar: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), axes }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('append' as const), rows: fc.nat(4), seed }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('resize' as const),
        lengths: fc.array(fc.nat(LENGTH), { minLength: 3, maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'flush' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
  ),
  { minLength: 4, maxLength: 25 },
);

export const made: fc.Arbitrary<Made> = fc.integer({ min: 1, max: 3 }).chain((rank) => {
  const perAxis = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: rank, maxLength: rank });
  return fc
    .record({
      dtype: fc.constantFrom(...DTYPES),
      shape: perAxis(fc.nat(LENGTH)),
      room: perAxis(fc.option(fc.nat(4))),
      chunks: perAxis(fc.integer({ min: 1, max: 4 })),
      compression: fc.constantFrom('gzip' as const, null),
      shuffle: fc.boolean(),
      fletcher32: fc.boolean(),
      fillvalue: fc.constantFrom(0, 7, Number.NaN),
    })
    .map(({ room, fillvalue, ...rest }) => ({
      ...rest,
      // Chunks longer than a limited axis would be refused.
      maxshape: room.map((more, at) =>
        more === null ? null : Math.max(rest.chunks[at], rest.shape[at] + more),
      ),
      fillvalue: Number.isNaN(fillvalue) && !rest.dtype.startsWith('float') ? 9 : fillvalue,
    }));
});

/** The fill value in the type of the dataset's arrays. */
export function fillItem({ dtype, fillvalue }: Made): number | bigint {
  return dtype.endsWith('int64') ? BigInt(fillvalue) : fillvalue;
}

/** Runs a step on a dataset and on its model, and compares the results. */
export function take(step: Step, dataset: OpenDataset, model: Model): Promise<unknown> {
  const { maxshape } = dataset;
  switch (step.kind) {
    case 'write': {
      const selected = model.select(step.axes, false);
      const data = items(model.dtype, step.scalar ? [] : selected.shape, step.seed);
      model.write(selected, data);
      return dataset.write(selected.axes, data);
    }
    case 'read': {
      const selected = model.select(step.axes, true);
      const expected = model.read(selected);
      return dataset.read(selected.axes).then((read) => expectSame(read, expected));
    }
    case 'append': {
      const [length, ...row] = model.shape;
      const rows = Math.min(step.rows, (maxshape[0] ?? Number.POSITIVE_INFINITY) - length);
      const data = items(model.dtype, [rows, ...row], step.seed);
      model.append(data);
      return dataset.append(data);
    }
    case 'resize': {
      const shape = model.shape.map((_, at) => Math.min(step.lengths[at], maxshape[at] ?? LENGTH));
      model.resize(shape);
      return dataset.resize(shape);
    }
    default:
      return dataset.flush();
  }
}

/** Compares bytes, so that NaN equals itself. */
export function expectSame(read: NdArray, expected: NdArray): void {
  expect(read.shape).toEqual(expected.shape);
  expect(bytesOf(read).equals(bytesOf(expected))).toBe(true);
}

function items(dtype: DType, shape: readonly number[], from: number): NdArray {
  const { items: all } = noise([from + product(shape)], dtype);
  return { data: all.slice(from) as ItemArray, shape };
}
