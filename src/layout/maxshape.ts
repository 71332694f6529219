import { LayoutError } from './errors.js';

/** Largest extent that a dataset may be resized to, null along unlimited axes. */
export type Maxshape = readonly (number | null)[];

/**
 * The maxshape of a dataset: what was asked for, or its shape (not resizable) when nothing was.
 *
 * @throws LayoutError when the ranks differ, or the shape does not fit.
 */
export function resolveMaxshape(
  shape: readonly number[],
  maxshape: Maxshape | undefined,
  name = 'the dataset',
): Maxshape {
  if (maxshape === undefined) return shape;
  const received = `[${maxshape.map(String).join(', ')}]`;
  if (maxshape.length !== shape.length) {
    throw new LayoutError({
      name,
      expected: `a maxshape of rank ${shape.length}`,
      received: `${received}, of rank ${maxshape.length}`,
    });
  }
  const fits = maxshape.every(
    (most, axis) => most === null || (Number.isSafeInteger(most) && most >= shape[axis]),
  );
  if (!fits) {
    throw new LayoutError({
      name,
      expected: `a maxshape of null or whole numbers from the shape [${shape.join(', ')}] on`,
      received,
    });
  }
  return maxshape;
}
