import fc from 'fast-check';
import { type AxisPick, isList, LayoutError, type Slice } from '../../src/layout/index.js';

/** All indices of a pick, one by one. */
export function indicesOf(pick: AxisPick): number[] {
  return isList(pick)
    ? [...pick.indices]
    : Array.from({ length: pick.count }, (_, i) => pick.first + i * pick.step);
}

/** The selections along one axis that are generated. */
export type ModelAxis = number | null | Slice | number[];

/** The simple model: checks for every index of the axis whether it is selected. */
export function modelIndices(axis: ModelAxis, length: number): number[] {
  const all = Array.from({ length }, (_, index) => index);
  const fromEnd = (bound: number) => (bound < 0 ? bound + length : bound);
  if (axis === null) return all;
  if (typeof axis === 'number') return [fromEnd(axis)];
  if (Array.isArray(axis)) return axis.map(fromEnd);
  const start = Math.max(0, fromEnd(axis.start ?? 0));
  const stop = axis.stop === null ? length : fromEnd(axis.stop);
  return all.filter(
    (index) => index >= start && index < stop && (index - start) % (axis.step ?? 1) === 0,
  );
}

const slices = (least: number, most: number): fc.Arbitrary<Slice> => {
  const bound = fc.option(fc.integer({ min: least, max: most }));
  return fc.record({
    start: bound,
    stop: bound,
    step: fc.option(fc.integer({ min: 1, max: most })),
  });
};

const lists = (length: number): fc.Arbitrary<number[]> =>
  fc.subarray(Array.from({ length }, (_, index) => index));

/** An extent of rank 1 to 3 and a selection of it; one axis at most has a list. */
export const selectionArbitrary = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }), fc.nat(2))
  .chain(([extent, listed]) => {
    const axes = extent.map((length, at): fc.Arbitrary<ModelAxis> => {
      const plain = fc.oneof(
        fc.constant(null),
        fc.integer({ min: -length, max: length - 1 }),
        slices(-length - 2, length + 2),
      );
      return at === listed ? fc.oneof(plain, lists(length)) : plain;
    });
    return fc.record({ extent: fc.constant(extent), axes: fc.tuple(...axes) });
  });

/** The message of the error with which a call refuses its arguments. */
export function refusalOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof LayoutError) return error.message;
    throw error;
  }
  return 'nothing was refused';
}
