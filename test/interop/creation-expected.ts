import { libraryVersion } from '../../src/hdf5/index.js';

/** `right`, or the reason why the dataset is refused. */
type Outcome = string | RegExp;
export type Outcomes = Record<'read' | 'write' | 'append' | 'fill', Outcome>;

const RIGHT: Outcomes = { read: 'right', write: 'right', append: 'right', fill: 'right' };

function refused(why: RegExp): Outcomes {
  return { read: why, write: why, append: why, fill: why };
}

function onlyRead(why: RegExp): Outcomes {
  return { ...refused(why), read: 'right' };
}

function unchunked(layout: string): Outcomes {
  const why = new RegExp(`^Expected a chunked dataset for .* but received a ${layout} one$`);
  return { ...RIGHT, append: why };
}

const FIXED: Outcomes = { ...RIGHT, append: /^Expected an extent within its maxshape \[\d+, 6\]/ };
const FILTERS =
  /^Expected the filters shuffle, deflate and fletcher32 for .* but received '(nbit|scaleoffset|lzf|shuffle)'$/;
const EDGES =
  /^Expected chunks that are all filtered for .* but received some at the edge that are not/;
const NO_NUMBERS =
  /^Expected a dataset of numbers for .* but received one of (strings|references|another type)/;

/** By the names in creation_cases.py, which makes the datasets. */
export const EXPECTED: Readonly<Record<string, Outcomes>> = {
  'contiguous, alloc time EARLY': unchunked('contiguous'),
  'contiguous, alloc time LATE': unchunked('contiguous'),
  'contiguous, never written': unchunked('contiguous'),
  compact: unchunked('compact'),
  'chunked, alloc time EARLY': RIGHT,
  'chunked, alloc time EARLY, gzip': RIGHT,
  'chunked, alloc time LATE': RIGHT,
  'chunked, alloc time LATE, gzip': RIGHT,
  'chunked, alloc time INCR': RIGHT,
  'chunked, alloc time INCR, gzip': RIGHT,
  'fill time NEVER': RIGHT,
  'fill time ALLOC': RIGHT,
  'fill time IFSET': RIGHT,
  'fill value, big endian': RIGHT,
  'fill value undefined': RIGHT,
  'fill value of booleans': RIGHT,

  'index: single chunk': FIXED,
  'index: single chunk, gzip': FIXED,
  'index: implicit': FIXED,
  'index: fixed array': FIXED,
  'index: fixed array, gzip': FIXED,
  'index: extensible array': RIGHT,
  'index: extensible array, gzip': RIGHT,
  'index: B-tree of version 2': RIGHT,
  'index: B-tree of version 2, gzip': RIGHT,
  'index: B-tree of version 1': RIGHT,

  'filters: shuffle': RIGHT,
  'filters: gzip': RIGHT,
  'filters: fletcher32': RIGHT,
  'filters: shuffle + gzip + fletcher32': RIGHT,
  'filters: fletcher32 + gzip': RIGHT,
  'filters: gzip + shuffle': RIGHT,
  'filters: gzip + gzip': RIGHT,
  'filters: gzip, optional': RIGHT,
  'filters: gzip, mandatory': RIGHT,
  'filters: nbit': onlyRead(FILTERS),
  'filters: scaleoffset': onlyRead(FILTERS),
  'filters: lzf': refused(FILTERS),
  'shuffle of another item size': onlyRead(FILTERS),
  'edge chunks unfiltered: no filters': RIGHT,
  'edge chunks unfiltered: shuffle': onlyRead(EDGES),
  'edge chunks unfiltered: gzip': onlyRead(EDGES),
  'edge chunks unfiltered: shuffle + gzip + fletcher32': onlyRead(EDGES),

  'external storage': refused(
    /received a dataset whose values lie in another file, .*outside\.bin$/,
  ),
  virtual: refused(/received a dataset whose values lie in other datasets, y of .*outside\.hdf5$/),
  'external link': refused(/received an external link to another file$/),

  ...Object.fromEntries(
    ['i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f4', 'f8'].flatMap((type) => [
      [`type <${type}`, RIGHT],
      [`type >${type}`, RIGHT],
    ]),
  ),
  'type <f2': refused(NO_NUMBERS),
  'type <c8': refused(NO_NUMBERS),
  'type: 12 bits in 16': refused(NO_NUMBERS),
  'type: 12 bits in 16, nbit': refused(NO_NUMBERS),
  'type: 12 bits at bit 4 of 16, big endian': refused(NO_NUMBERS),
  'type: 24 bits in 32, padded with ones': refused(NO_NUMBERS),
  'type: bfloat16': refused(NO_NUMBERS),
  'type: float32 with another bias': refused(NO_NUMBERS),
  'type: x86 long double': refused(NO_NUMBERS),
  'type: committed': RIGHT,
  'type: booleans': RIGHT,
  'type: booleans over uint8': RIGHT,
  'type: enumeration false, true': refused(NO_NUMBERS),
  'type: enumeration of colours': refused(NO_NUMBERS),
  'type: bits': refused(NO_NUMBERS),
  'type: time': refused(NO_NUMBERS),
  'type: opaque': refused(NO_NUMBERS),
  'type: array': refused(NO_NUMBERS),
  'type: text': refused(NO_NUMBERS),
  'type: texts of three bytes': refused(NO_NUMBERS),
  'type: compound': refused(NO_NUMBERS),
  'type: variable length': refused(NO_NUMBERS),
  'type: object references': refused(NO_NUMBERS),
  'type: region references': refused(NO_NUMBERS),

  'space: scalar': {
    ...unchunked('contiguous'),
    fill: /^Expected a dataset that has axes for .* but received a scalar$/,
  },
  'space: null': unchunked('contiguous'),
  'space: no rows': RIGHT,
  'space: no columns, contiguous': unchunked('contiguous'),
  'space: maxshape of 40 rows': FIXED,
  'space: maxshape of 2^60 rows': RIGHT,
  'space: chunk larger than the extent': RIGHT,
  'space: eight axes': RIGHT,

  'times not tracked': RIGHT,
  'creation order tracked': RIGHT,
  'attributes dense at once': RIGHT,

  'user block': RIGHT,
  'addresses of four bytes': RIGHT,
  'links in order of creation': RIGHT,
  'wide B-trees': RIGHT,
  'space of pages': RIGHT,
  'space of pages, persistent, v110': RIGHT,
  'free space persistent': RIGHT,
  'shared messages': RIGHT,
  v108: RIGHT,
  'of a newer HDF5': libraryVersion().startsWith('2.')
    ? RIGHT
    : refused(
        /(^H5Oopen failed for .*:|received one that can't be opened:) the file was written by an HDF5 newer than libhdf5 \S+, .*\(bad version number for layout message\); write it in h5py with libver=\('earliest', 'v110'\)/,
      ),
};
