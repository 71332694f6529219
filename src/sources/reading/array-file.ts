import { type DType, itemSize } from '../../layout/dtype.js';
import { type Hyperslab, isEmpty, product, slabSize } from '../../layout/hyperslab.js';
import { type AxisPick, isList } from '../../layout/pick.js';
import type { Piece, SourceFile, SourceReader } from '../types.js';
import { bounds, narrow } from './columns.js';
import { type OuterAxis, type Run, readPacked } from './packed-read.js';
import { openPositional, type PositionalFile } from './positional-read.js';

/** An array of known shape in one file; the common form of raw and .npy sources. */
export interface ArrayFile {
  readonly file: SourceFile;
  readonly dtype: DType;
  /** Elements per axis of the whole array in the file. */
  readonly shape: readonly number[];
  /** Bytes before the array. */
  readonly offset: number;
  readonly order: 'C' | 'F';
  readonly bigEndian: boolean;
  /** The indices of the last axis that the source selects, in their order. */
  readonly columns: AxisPick;
  /** Whether the items are booleans, which are read as uint8. Default: false */
  readonly isBool?: boolean;
}

/**
 * If the range of the file from a hyperslab's first byte to its last is at most this many times as long as the
 * hyperslab itself, the range is read at once and used in place. Otherwise only the hyperslab is read, and packed.
 */
const SPARSEST = 2;

/** Opens an array file of a rank of at least 1, in C or Fortran order. */
export function openArrayFile(array: ArrayFile): SourceReader {
  const { file, dtype, shape, columns, order, isBool } = array;
  const rank = shape.length;
  const axes = shape.map((_, axis) => axis);
  const storageOrder = order === 'C' ? axes : axes.toReversed();
  const item = itemSize(dtype);
  const strides = fileStrides(shape, storageOrder, item);
  const opened = openPositional(file.path);
  return {
    info: {
      dtype,
      shape: [...shape.slice(0, -1), columns.count],
      storageOrder,
      files: [file],
      isBool,
    },
    scratchBytes({ count }) {
      const packed = product(count) * item;
      // In C order axis 0 is the slowest, so a range that is read at once grows by one row of the file per row.
      return order === 'C' ? Math.min(count[0] * strides[0], packed * SPARSEST) : packed;
    },
    read(slab, scratch) {
      if (isEmpty(slab)) return [];
      const picks = [
        ...slab.start
          .slice(0, -1)
          .map((first, axis) => ({ first, step: 1, count: slab.count[axis] })),
        narrow(columns, slab.start[rank - 1], slab.count[rank - 1]),
      ];
      const request = { slab, scratch, picks, strides, storageOrder, item };
      return [readRange(array, opened, request) ?? readDense(array, opened, request)];
    },
    close: () => opened.close(),
  };
}

/** A hyperslab as indices along each axis of the file. */
interface Request {
  readonly slab: Hyperslab;
  readonly scratch: Uint8Array;
  readonly picks: readonly AxisPick[];
  /** Bytes between neighbours in the file, per axis. */
  readonly strides: readonly number[];
  readonly storageOrder: readonly number[];
  readonly item: number;
}

/** Reads the range from the slab's first byte to its last; undefined if too much of it would be unwanted. */
function readRange(array: ArrayFile, file: PositionalFile, request: Request): Piece | undefined {
  const { picks, strides, item, slab, scratch } = request;
  const ends = picks.map(bounds);
  const span = ends.reduce((sum, { low, high }, i) => sum + (high - low) * strides[i], item);
  const packed = slabSize(slab) * item;
  const fits = array.order === 'C' ? span <= packed * SPARSEST : span === packed;
  // In Fortran order the offsets of a list of columns could exceed 32 bits.
  if (!fits || (array.order === 'F' && picks.some(isList))) return undefined;
  const begin = ends.reduce((sum, { low }, i) => sum + low * strides[i], array.offset);
  file.read(scratch, 0, span, begin);
  const places = picks.map((pick, axis): Place => {
    const stride = strides[axis];
    const { low } = ends[axis];
    return isList(pick)
      ? { offset: 0, step: Int32Array.from(pick.indices, (index) => (index - low) * stride) }
      : { offset: (pick.first - low) * stride, step: pick.step * stride };
  });
  const bytes = scratch.subarray(0, span);
  const origin = { bytes, descriptor: file.descriptor(), position: begin };
  return { ...toPiece(array, request, places), origin };
}

/** Reads and packs only the wanted bytes: outer axes in the order of the slab, the fastest axis in that of the file. */
function readDense(array: ArrayFile, file: PositionalFile, request: Request): Piece {
  const { picks, strides, item, scratch } = request;
  const outerAxes = request.storageOrder.slice(0, -1);
  const fastest = request.storageOrder[picks.length - 1];
  const { runs, length, place } = fastestRuns(picks[fastest], item);
  let origin = array.offset;
  const outer = outerAxes.map((axis): OuterAxis => {
    const pick = picks[axis];
    const stride = strides[axis];
    if (isList(pick)) {
      return { count: pick.count, step: pick.indices.map((index) => index * stride) };
    }
    origin += pick.first * stride;
    return { count: pick.count, step: pick.step * stride };
  });
  readPacked(file, origin, outer, runs, scratch);

  const places = new Array<Place>(picks.length);
  places[fastest] = place;
  let step = length * item;
  for (const axis of outerAxes.toReversed()) {
    places[axis] = { offset: 0, step };
    step *= picks[axis].count;
  }
  return toPiece(array, request, places);
}

/** The runs of the file that contain the picks of the fastest axis, and where the picks lie after packing. */
function fastestRuns(pick: AxisPick, item: number): { runs: Run[]; length: number; place: Place } {
  if (!isList(pick) && pick.step === 1) {
    const runs = [{ at: pick.first * item, bytes: pick.count * item }];
    return { runs, length: pick.count, place: { offset: 0, step: item } };
  }
  const wanted = isList(pick)
    ? [...new Set(pick.indices)].sort((a, b) => a - b)
    : Array.from({ length: pick.count }, (_, i) => bounds(pick).low + i * Math.abs(pick.step));
  const runs: { at: number; bytes: number }[] = [];
  for (const index of wanted) {
    const last = runs[runs.length - 1];
    if (last && last.at + last.bytes === index * item) last.bytes += item;
    else runs.push({ at: index * item, bytes: item });
  }
  const length = wanted.length;
  if (isList(pick)) {
    const offsets = new Map(wanted.map((index, rank) => [index, rank * item]));
    const step = Int32Array.from(pick.indices, (index) => offsets.get(index) as number);
    return { runs, length, place: { offset: 0, step } };
  }
  const place =
    pick.step < 0 ? { offset: (length - 1) * item, step: -item } : { offset: 0, step: item };
  return { runs, length, place };
}

/** Where the elements along one axis lie in memory; the offset and the steps of a {@link Piece} for one axis. */
interface Place {
  readonly offset: number;
  readonly step: number | Int32Array;
}

function toPiece(array: ArrayFile, { slab, scratch }: Request, places: readonly Place[]): Piece {
  return {
    start: slab.start,
    count: slab.count,
    bytes: scratch,
    offset: places.reduce((sum, { offset }) => sum + offset, 0),
    steps: places.map(({ step }) => step),
    swap: array.bigEndian,
  };
}

function fileStrides(shape: readonly number[], storageOrder: readonly number[], item: number) {
  const strides = new Array<number>(shape.length);
  let bytes = item;
  for (const axis of storageOrder.toReversed()) {
    strides[axis] = bytes;
    bytes *= shape[axis];
  }
  return strides;
}
