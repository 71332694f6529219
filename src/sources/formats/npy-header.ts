import type { DType } from '../../layout/dtype.js';
import { product } from '../../layout/hyperslab.js';
import { excerpt, plural, reason } from '../../wording.js';
import { SourceError } from '../errors.js';
import type { PositionalFile } from '../reading/positional-read.js';
import { type Literal, parseLiteral } from './python-literal.js';

/** The contents of the header of a .npy file. */
export interface NpyHeader {
  readonly dtype: DType;
  /** Whether the items are booleans, which are read as uint8. */
  readonly isBool: boolean;
  readonly bigEndian: boolean;
  readonly order: 'C' | 'F';
  /** Elements per axis, in C axis order. */
  readonly shape: readonly number[];
  /** Bytes before the data. */
  readonly offset: number;
}

const MAGIC = '\x93NUMPY';
/** Headers written by numpy are smaller than 64 KiB; a file with a longer header than this is damaged. */
const MAX_HEADER = 1 << 20;
/** The most characters of a header that a message shows. */
const MAX_EXCERPT = 200;
const LARGEST_ITEM = 8;

/** numpy's type codes; booleans are read as uint8. */
const DTYPES: Readonly<Record<string, DType>> = {
  b1: 'uint8',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f4: 'float32',
  f8: 'float64',
};

/**
 * Reads the header of a .npy file, format 1.0 to 3.0
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * @param size of the file, in bytes
 * @throws SourceError if the file is not a .npy file, or its items are neither numbers nor booleans
 */
export function readNpyHeader(file: PositionalFile, path: string, size: number): NpyHeader {
  const start = readText(file, 0, Math.min(12, size));
  if (start.length < 10 || start.toString('latin1', 0, 6) !== MAGIC) {
    throw new SourceError({
      path,
      expected: 'a .npy file, which begins with \\x93NUMPY,',
      received: size === 0 ? 'an empty file' : `bytes ${start.toString('hex', 0, 6)}`,
    });
  }
  const version = start[6];
  if (version < 1 || version > 3) {
    throw new SourceError({
      path,
      expected: '.npy format version 1, 2 or 3',
      received: `${version}.${start[7]}`,
    });
  }
  const prefix = version === 1 ? 10 : 12;
  const length =
    version === 1 ? start.readUInt16LE(8) : start.length < 12 ? 0 : start.readUInt32LE(8);
  if (length === 0 || length > MAX_HEADER || prefix + length > size) {
    throw new SourceError({
      path,
      expected: 'a complete .npy header',
      received: `a header of ${plural(length, 'byte')} in a file of ${size}`,
    });
  }
  const text = readText(file, prefix, length).toString(version === 3 ? 'utf8' : 'latin1');
  return { ...parseHeader(text, path), offset: prefix + length };
}

function readText(file: PositionalFile, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  file.read(bytes, 0, length, position);
  return bytes;
}

function parseHeader(text: string, path: string): Omit<NpyHeader, 'offset'> {
  let header: Literal;
  try {
    header = parseLiteral(text);
  } catch (cause) {
    const received = excerpt(reason(cause), MAX_EXCERPT);
    const fields = { path, expected: 'a Python dict as .npy header', received };
    throw new SourceError(fields, { cause });
  }
  const field = (name: string): Literal | undefined =>
    header instanceof Map ? header.get(name) : undefined;
  const order = field('fortran_order');
  const shape = field('shape');
  if (typeof order !== 'boolean' || !isShape(shape) || field('descr') === undefined) {
    throw new SourceError({
      path,
      expected: "'descr', 'fortran_order' and 'shape' in the .npy header",
      received: excerpt(text.trim(), MAX_EXCERPT),
    });
  }
  // As in numpy, a length of 0 along one axis does not permit impossible lengths along the others.
  const items = product(shape.filter((length) => length > 0));
  if (!Number.isSafeInteger(items * LARGEST_ITEM)) {
    const received = `shape [${shape.join(', ')}]`;
    throw new SourceError({ path, expected: 'an array of less than 2^50 items', received });
  }
  if (shape.length === 0) {
    throw new SourceError({ path, expected: 'an array of at least 1 axis', received: 'a scalar' });
  }
  return { ...parseType(field('descr'), path), order: order ? 'F' : 'C', shape };
}

function isShape(value: Literal | undefined): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && Number(n) >= 0);
}

function parseType(descr: Literal | undefined, path: string) {
  const code = typeof descr === 'string' ? /^([<>|])(\w+)$/.exec(descr) : null;
  const dtype = code && Object.hasOwn(DTYPES, code[2]) ? DTYPES[code[2]] : undefined;
  if (!code || !dtype) {
    throw new SourceError({
      path,
      expected: 'integers, float32, float64 or booleans',
      received: nameOf(descr),
    });
  }
  return { dtype, isBool: code[2] === 'b1', bigEndian: code[1] === '>' };
}

function nameOf(descr: Literal | undefined): string {
  if (typeof descr !== 'string') return 'a structured dtype';
  const kinds: Record<string, string> = {
    O: 'Python objects (a pickle, which is never loaded)',
    U: 'Unicode text',
    S: 'byte strings',
    V: 'raw or structured items',
    c: 'complex numbers',
    M: 'dates',
    m: 'time spans',
    f: 'floats of another width',
  };
  const kind = kinds[descr[1]];
  return `dtype '${excerpt(descr)}'${kind ? `: ${kind}` : ''}`;
}
