import { type DType, isDType, type Maxshape, shapeText } from '../layout/index.js';
import { OptionError, optionNames, requireKnown } from '../option-error.js';
import { showValue } from './arrays/data-error.js';

/** How the items of the wrapped data are interpreted; see {@link DataChunkIteratorOptions}. */
export type Yields = 'elements' | 'blocks' | 'bytes';

export interface DataChunkIteratorOptions {
  /** Number of items per DataChunk. Has no effect on blocks and bytes. Default: 1, as in HDMF */
  readonly bufferSize?: number;
  /** Default: the dtype of the first item, which is float64 for plain numbers */
  readonly dtype?: DType;
  /**
   * Largest extent of the dataset in elements. Default: along axis 0 the length of an array, or null for other
   * data; along the other axes the shape of the first item
   */
  readonly maxshape?: Maxshape;
  /**
   * What each item is. `'elements'`: one element along axis 0, or null for a gap. `'blocks'`: an array of
   * whole rows along axis 0; a typed array holds rows of the declared maxshape, or single numbers if none is
   * declared. `'bytes'`: a Uint8Array, cut at any byte from a stream of little-endian items in C order; needs
   * dtype and maxshape. Default: `'elements'`
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

/** @throws OptionError for an unknown option or an invalid value */
export function resolveIteratorOptions(options: DataChunkIteratorOptions): ResolvedIteratorOptions {
  requireKnown(options, ITERATOR_OPTIONS, 'the options of a DataChunkIterator');
  const { bufferSize = 1, dtype, maxshape, yields = 'elements' } = options;
  if (!Number.isSafeInteger(bufferSize) || bufferSize < 1)
    refuse('bufferSize', 'a whole number of at least 1', showValue(bufferSize));
  if (dtype !== undefined && !isDType(dtype))
    refuse('dtype', "a type such as 'int16'", showValue(dtype));
  if (maxshape !== undefined) checkMaxshape(maxshape);
  if (yields !== 'elements' && yields !== 'blocks' && yields !== 'bytes')
    refuse('yields', "'elements', 'blocks' or 'bytes'", showValue(yields));
  if (yields === 'bytes') {
    if (dtype === undefined)
      refuse('dtype', `a type such as 'int16' (required with yields: 'bytes')`, 'undefined');
    const expected =
      "a shape with every row length known, such as [null, 384] (required with yields: 'bytes')";
    if (maxshape === undefined) refuse('maxshape', expected, 'undefined');
    const known = maxshape.slice(1).every((length) => length !== null && length > 0);
    if (!known) refuse('maxshape', expected, shapeText(maxshape));
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
