import { itemSize } from '../../layout/index.js';
import type { RawBytes } from './raw-bytes.js';

/** How files of other formats begin. All have four bytes or more, which data have by chance once in 2^32 files. */
const SIGNATURES: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['.npy', Buffer.from('\x93NUMPY', 'latin1')],
  ['HDF5', Buffer.from('\x89HDF\r\n', 'latin1')],
  ['zip', Buffer.from('PK\x03\x04', 'latin1')],
  ['RIFF (WAV)', Buffer.from('RIFF')],
  ['TIFF', Buffer.from('II*\0', 'latin1')],
  ['TIFF', Buffer.from('MM\0*', 'latin1')],
  ['Intan RHD', Buffer.from([0x02, 0x27, 0x91, 0xc6])],
  ['Intan RHS', Buffer.from([0xac, 0x27, 0x91, 0xd6])],
  ['Blackrock', Buffer.from('NEURAL')],
  ['Blackrock', Buffer.from('BRSMPGRP')],
  ['Neuralynx', Buffer.from('######## ')],
  ['ABF', Buffer.from('ABF ')],
  ['ABF2', Buffer.from('ABF2')],
  ['Open Ephys', Buffer.from('header.')],
  ['SpikeGadgets', Buffer.from('<?xml')],
  ['Plexon', Buffer.from('PLEX')],
  ['BDF', Buffer.from('\xffBIOSEMI', 'latin1')],
  ['EDF', Buffer.from('0       ')],
  ['Matlab', Buffer.from('MATLAB 5.0')],
];
/** If the first bytes, this many, are text, they are not data. */
const TEXT_BYTES = 48;
const LEAST_LETTERS = 12;

/**
 * Tests whether the data begin with the header of a file, because its offset is missing.
 *
 * @returns what is wrong, in words; undefined if nothing is
 */
export function headerProblem({ path, head, offset, dtype }: RawBytes): string | undefined {
  if (offset >= head.length) return undefined;
  const known = SIGNATURES.find(([, bytes]) => bytes.equals(head.subarray(0, bytes.length)));
  const hint = `set offset to skip the header`;
  if (known && offset === 0) {
    const instead = known[0] === '.npy' ? ", or take the source type 'npy'" : '';
    return `${path} begins like a ${known[0]} file: ${hint}${instead}`;
  }
  // Pixels may well be letters.
  if (itemSize(dtype) === 1 || !isText(head.subarray(offset, offset + TEXT_BYTES)))
    return undefined;
  return `byte ${offset} of ${path} begins a text, not ${dtype} data: ${hint}`;
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.length < TEXT_BYTES) return false;
  const text = Buffer.from(bytes).toString('latin1');
  const letters = text.match(/[A-Za-z]/g) ?? [];
  return (
    /^[\t\r\n\x20-\x7e]*$/.test(text) &&
    new Set(letters).size >= LEAST_LETTERS / 2 &&
    letters.length >= LEAST_LETTERS
  );
}
