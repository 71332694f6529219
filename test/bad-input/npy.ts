const MAGIC = Buffer.from('\x93NUMPY', 'latin1');

/** The bytes of a .npy file. */
export function npy(
  header: string,
  data: Uint8Array = new Uint8Array(16),
  { version = 1, length = header.length } = {},
): Buffer {
  const prefix = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) prefix.writeUInt16LE(length);
  else prefix.writeUInt32LE(length);
  const text = Buffer.from(header, 'latin1');
  return Buffer.concat([MAGIC, Uint8Array.of(version, 0), prefix, text, data]);
}

/** A header as numpy writes it. Default: 2 x 4 items of int16, 16 bytes. */
export function header(descr = "'<i2'", order = 'False', shape = '(2, 4)'): string {
  return `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
}

/** What is wrong with a file `a.npy`, its bytes, and the expected message. */
export type NpyCase = readonly [name: string, bytes: Uint8Array, message: string];

const numbers = 'Expected integers, float32, float64 or booleans in a.npy but received';
const fields =
  "Expected 'descr', 'fortran_order' and 'shape' in the .npy header in a.npy but received";
const dict = 'Expected a Python dict as .npy header in a.npy but received';
const magic = 'Expected a .npy file, which begins with \\x93NUMPY, in a.npy but received';
const complete = 'Expected a complete .npy header in a.npy but received a header of';

/** Damaged files. Files of numpy itself that are refused are in test/sources/npy.test.ts. */
export const NPY: readonly NpyCase[] = [
  ['an empty file', new Uint8Array(0), `${magic} an empty file`],
  [
    'a wrong magic',
    Buffer.from('\x93NUMPX\x01\x00\x00\x00', 'latin1'),
    `${magic} bytes 934e554d5058`,
  ],
  ['a magic and no more', MAGIC, `${magic} bytes 934e554d5059`],
  ['a zip', Buffer.from('PK\x03\x04\x14\x00\x00\x00\x08\x00'), `${magic} bytes 504b03041400`],
  [
    'version 0',
    npy(header(), undefined, { version: 0 }),
    'Expected .npy format version 1, 2 or 3 in a.npy but received 0.0',
  ],
  [
    'version 255',
    npy(header(), undefined, { version: 255 }),
    'Expected .npy format version 1, 2 or 3 in a.npy but received 255.0',
  ],
  ['no header', npy(''), `${complete} 0 bytes in a file of 26`],
  [
    'a header longer than the file',
    npy(header(), undefined, { length: 5000 }),
    `${complete} 5000 bytes in a file of 86`,
  ],
  [
    'a header of 4 GiB',
    npy(header(), undefined, { version: 2, length: 2 ** 32 - 1 }),
    `${complete} 4294967295 bytes in a file of 88`,
  ],
  ['a list as header', npy('[1, 2]'), `${fields} [1, 2]`],
  ['a number as header', npy('3'), `${fields} 3`],
  ['a header cut short', npy("{'descr': '<i2', "), `${dict} unexpected end`],
  [
    'a header in a file cut short',
    npy(header()).subarray(0, 30),
    `${complete} 60 bytes in a file of 30`,
  ],
  [
    'a header without a shape',
    npy("{'descr': '<i2', 'fortran_order': False}"),
    `${fields} {'descr': '<i2', 'fortran_order': False}`,
  ],
  ['two headers', npy('{} {}'), `${dict} unexpected '{'`],
  ['code as header', npy("__import__('os').system('true')"), `${dict} unexpected '.' at 16`],
  [
    'code as a length',
    npy(header(undefined, undefined, '(1 + 1, 4)')),
    `${dict} unexpected '+' at 53`,
  ],
  ['a name as a length', npy(header(undefined, undefined, '(n, 4)')), `${dict} unexpected 'n'`],
  ['brackets in brackets', npy('('.repeat(60_000)), `${dict} more than 32 levels of brackets`],
  ['a header that a terminal would obey', npy("{'\x1b[2J': 1}"), `${fields} {'\\u001b[2J': 1}`],
  [
    'a very long header',
    npy(`{'x': '${'y'.repeat(100_000)}'}`, undefined, { version: 2 }),
    `${fields} {'x': '${'y'.repeat(190)}...`,
  ],
  [
    'Python objects',
    npy(header("'|O'")),
    `${numbers} dtype '|O': Python objects (a pickle, which is never loaded)`,
  ],
  ['records', npy(header("[('a', '<i2'), ('b', '<f4')]")), `${numbers} a structured dtype`],
  ['Unicode text', npy(header("'<U4'")), `${numbers} dtype '<U4': Unicode text`],
  ['byte strings', npy(header("'|S4'")), `${numbers} dtype '|S4': byte strings`],
  ['complex numbers', npy(header("'<c16'")), `${numbers} dtype '<c16': complex numbers`],
  ['times', npy(header("'<M8[ns]'")), `${numbers} dtype '<M8[ns]': dates`],
  ['long doubles', npy(header("'<f16'")), `${numbers} dtype '<f16': floats of another width`],
  [
    'an order that is a number',
    npy(header(undefined, '1')),
    `${fields} ${header(undefined, '1').trim()}`,
  ],
  [
    'an order that is a text',
    npy(header(undefined, "'False'")),
    `${fields} ${header(undefined, "'False'").trim()}`,
  ],
  [
    'Fortran order and too few bytes',
    npy(header(undefined, 'True'), new Uint8Array(14)),
    'Expected 16 bytes ([2, 4] int16) after the header in a.npy but received 14 bytes',
  ],
  [
    'a negative length',
    npy(header(undefined, undefined, '(-2, 4)')),
    `${fields} ${header(undefined, undefined, '(-2, 4)').trim()}`,
  ],
  [
    'a length of 2^63',
    npy(header(undefined, undefined, '(9223372036854775808, 4)')),
    `${fields} ${header(undefined, undefined, '(9223372036854775808, 4)').trim()}`,
  ],
  [
    'lengths whose product overflows',
    npy(header(undefined, undefined, '(4294967296, 4294967297)')),
    'Expected an array of less than 2^50 items in a.npy but received shape [4294967296, 4294967297]',
  ],
  [
    'lengths whose product overflows, and a 0',
    npy(header(undefined, undefined, '(0, 4294967296, 4294967297)'), new Uint8Array(0)),
    'Expected an array of less than 2^50 items in a.npy but received shape [0, 4294967296, 4294967297]',
  ],
  [
    'a scalar',
    npy(header(undefined, undefined, '()'), new Uint8Array(2)),
    'Expected an array of at least 1 axis in a.npy but received a scalar',
  ],
  [
    'bytes that are missing',
    npy(header(), new Uint8Array(15)),
    'Expected 16 bytes ([2, 4] int16) after the header in a.npy but received 15 bytes',
  ],
  [
    'bytes behind the data',
    npy(header(), new Uint8Array(17)),
    'Expected 16 bytes ([2, 4] int16) after the header in a.npy but received 17 bytes',
  ],
];
