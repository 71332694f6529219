import { type DType, isDType, type Maxshape } from '../layout/index.js';
import { OptionError, optionNames, requireKnown } from '../option-error.js';
import { showValue } from './arrays/data-error.js';

/** What each item of the wrapped data is. */
export type Yields = 'elements' | 'blocks' | 'bytes';

export interface DataChunkIteratorOptions {
  /** Items that make one DataChunk. Default: 1, as HDMF's. Does not apply to blocks and bytes. */
  readonly bufferSize?: number;
  /** Default: that of the first item; float64 where it is made of numbers. */
  readonly dtype?: DType;
  /**
   * Largest extent of the dataset. Default: the shape of the first item along the other axes;
   * along axis 0 the length of an array, else null.
   */
  readonly maxshape?: Maxshape;
  /**
   * What each item is. `'elements'` (default): one element along axis 0, null for a gap.
   * `'blocks'`: an array whose axis 0 counts rows; a typed array holds rows of the declared
   * maxshape, numbers without one. `'bytes'`: a Uint8Array out of a stream of little-endian items
   * in C order, cut anywhere; needs dtype and maxshape.
   */
  readonly yields?: Yields;
}

export interface ResolvedIteratorOptions {
  readonly bufferSize: number;
  readonly dtype: DType | undefined;
  readonly maxshape: Maxshape | undefined;
  readonly yields: Yields;
}

const ITERATOR_OPTIONS = optionNames<DataChunkIteratorOptions>({
  bufferSize: 1,
  dtype: 1,
  maxshape: 1,
  yields: 1,
});

/** @throws OptionError for an option that is not known, or whose value can't be used */
export function resolveIteratorOptions(options: DataChunkIteratorOptions): ResolvedIteratorOptions {
  requireKnown(options, ITERATOR_OPTIONS, 'the options of a DataChunkIterator');
  const { bufferSize = 1, dtype, maxshape, yields = 'elements' } = options;
  if (!Number.isSafeInteger(bufferSize) || bufferSize < 1)
    refuse('bufferSize', 'a whole number from 1 on', showValue(bufferSize));
  if (dtype !== undefined && !isDType(dtype))
    refuse('dtype', "a type such as 'int16'", showValue(dtype));
  if (maxshape !== undefined) checkMaxshape(maxshape);
  if (yields !== 'elements' && yields !== 'blocks' && yields !== 'bytes')
    refuse('yields', "'elements', 'blocks' or 'bytes'", showValue(yields));
  if (yields === 'bytes') {
    if (dtype === undefined) refuse('dtype', 'a type, as for all bytes,', 'undefined');
    const expected = 'the lengths of a row, as for all bytes, such as [null, 384],';
    if (maxshape === undefined) refuse('maxshape', expected, 'undefined');
    const known = maxshape.slice(1).every((length) => length !== null && length > 0);
    if (!known) refuse('maxshape', expected, `[${maxshape.map(String).join(', ')}]`);
  }
  return { bufferSize, dtype, maxshape, yields };
}

function checkMaxshape(maxshape: Maxshape): void {
  const expected = 'null or a whole number for each of one or more axes';
  if (!Array.isArray(maxshape)) refuse('maxshape', expected, showValue(maxshape));
  const fits = maxshape.every((most) => most === null || (Number.isSafeInteger(most) && most >= 0));
  if (!fits || maxshape.length === 0)
    refuse('maxshape', expected, `[${maxshape.map(showValue).join(', ')}]`);
}

function refuse(name: string, expected: string, received: string): never {
  throw new OptionError({ name, expected, received });
}
