import { LayoutError } from './errors.js';
import { shapeText } from './hyperslab.js';

/** Largest extent that a dataset can be resized to; null along unlimited axes. */
export type Maxshape = readonly (number | null)[];

/**
 * The maxshape of a dataset: the given one, or by default its shape, so that it can't grow.
 *
 * @throws LayoutError if the ranks differ, or the shape exceeds the maxshape
 */
export function resolveMaxshape(
  shape: readonly number[],
  maxshape: Maxshape | undefined,
  name = 'the dataset',
): Maxshape {
  if (maxshape === undefined) return shape;
  const received = shapeText(maxshape);
  if (maxshape.length !== shape.length) {
    throw new LayoutError({
      name,
      expected: `a maxshape of rank ${shape.length}`,
      received: `${received}, of rank ${maxshape.length}`,
    });
  }
  const fits = maxshape.every(
    (max, axis) => max === null || (Number.isSafeInteger(max) && max >= shape[axis]),
  );
  if (!fits) {
    throw new LayoutError({
      name,
      expected: `a maxshape whose lengths are null or at least those of the shape ${shapeText(shape)}`,
      received,
    });
  }
  return maxshape;
}
