import { DTYPES, isDType } from '../layout/index.js';
import type { AbstractDataChunkIterator } from './abstract-data-chunk-iterator.js';
import { DataError, showValue } from './arrays/data-error.js';

/**
 * Checks the members that describe an iterator's data. Call it after `prepare()`.
 *
 * @param name the iterator's name in messages
 * @throws DataError for an invalid dtype, maxshape or recommended shape
 */
export function checkIterator(iterator: AbstractDataChunkIterator, name: string): void {
  const { dtype, maxshape, recommendedChunkShape, recommendedDataShape } = iterator;
  const refuse = (what: string, expected: string, received: unknown): never => {
    throw new DataError({ name: `${what} of ${name}`, expected, received: show(received) });
  };
  if (typeof dtype !== 'string' || !isDType(dtype))
    refuse('the dtype', `one of ${DTYPES.join(', ')}`, dtype);
  if (!isShape(maxshape, 0, true) || maxshape.length === 0)
    refuse('the maxshape', 'a length, or null, for each axis', maxshape);
  const rank = maxshape.length;
  const wanted = `${rank} ${rank === 1 ? 'length' : 'lengths'}, as maxshape has, or null`;
  for (const [what, shape, least] of [
    ['the recommendedChunkShape', recommendedChunkShape, 1],
    ['the recommendedDataShape', recommendedDataShape, 0],
  ] as const)
    if (shape !== undefined && shape !== null)
      if (!isShape(shape, least, false) || shape.length !== rank) refuse(what, wanted, shape);
}

function isShape(value: unknown, least: number, open: boolean): value is readonly number[] {
  const isLength = (length: unknown) =>
    (open && length === null) || (Number.isSafeInteger(length) && Number(length) >= least);
  return Array.isArray(value) && value.every(isLength);
}

function show(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(showValue).join(', ')}]` : showValue(value);
}
