import { endianness } from 'node:os';
import { type DType, itemSize } from '../layout/dtype.js';
import type { Piece } from './types.js';

/** All timestamps with one kind of fault. */
export interface TimestampFault {
  /** Number of timestamps with the fault. */
  readonly count: number;
  /** Index of the first one in its dataset, and its value. */
  readonly index: number;
  readonly value: number;
  /** The last finite timestamp before `value`, if `value` is less than it. */
  readonly after?: number;
}

type Fault = TimestampFault | undefined;

/** Properties and faults of consecutive timestamps, in seconds. */
export interface TimestampSummary {
  /** Index of the first timestamp in its dataset. */
  readonly start: number;
  /** Index after the last timestamp. */
  readonly end: number;
  /** Index of the first finite timestamp; -1 if there is none. */
  readonly firstAt: number;
  /** The first and the last finite timestamp; NaN if there is none. */
  readonly first: number;
  readonly last: number;
  /** Timestamps that are NaN or infinite. */
  readonly notFinite?: Fault;
  readonly negative?: Fault;
  /** Timestamps less than the last finite one before. Equal neighbours are no fault, as in NWB Inspector. */
  readonly falling?: Fault;
}

/** Checks consecutive timestamps. @param start index of the first one in its dataset */
export function summarizeTimestamps(values: ArrayLike<number>, start: number): TimestampSummary {
  const notFinite = new FaultCounter(start);
  const negative = new FaultCounter(start);
  const falling = new FaultCounter(start);
  let first = Number.NaN;
  let firstAt = -1;
  let last = Number.NaN;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    // The fast path: most timestamps have no fault.
    if (value >= last && value >= 0 && value < Number.POSITIVE_INFINITY) {
      last = value;
      continue;
    }
    if (!Number.isFinite(value)) {
      notFinite.add(at, value);
      continue;
    }
    if (value < 0) negative.add(at, value);
    if (value < last) falling.add(at, value, last);
    if (firstAt < 0) {
      first = value;
      firstAt = start + at;
    }
    last = value;
  }
  return {
    ...{ start, end: start + values.length, firstAt, first, last },
    ...found(notFinite.fault, negative.fault, falling.fault),
  };
}

/** Counts timestamps with a fault, without allocating an object for each: all timestamps may have it. */
class FaultCounter {
  readonly #start: number;
  #count = 0;
  #first: Omit<TimestampFault, 'count'> | undefined;

  /** @param start index of the first timestamp */
  constructor(start: number) {
    this.#start = start;
  }

  add(at: number, value: number, after?: number): void {
    this.#count++;
    this.#first ??= { index: this.#start + at, value, ...(after !== undefined && { after }) };
  }

  get fault(): Fault {
    return this.#first && { count: this.#count, ...this.#first };
  }
}

/** Checks timestamps in memory, which begin at byte `offset` and are `step` bytes apart. */
export function summarizeBytes(bytes: Uint8Array, layout: TimestampLayout): TimestampSummary {
  return summarizeTimestamps(valuesOf(bytes, layout), layout.start);
}

/** The timestamps as a typed array: a view of the bytes if possible, else a copy. */
function valuesOf(
  bytes: Uint8Array,
  { dtype, swap, count, offset = 0, step = itemSize(dtype) }: TimestampLayout,
): Float32Array | Float64Array {
  const Type = dtype === 'float32' ? Float32Array : Float64Array;
  const size = Type.BYTES_PER_ELEMENT;
  const begin = bytes.byteOffset + offset;
  const isLittle = endianness() === 'LE';
  if (step === size && begin % size === 0 && swap !== isLittle)
    return new Type(bytes.buffer as ArrayBuffer, begin, count);
  const view = new DataView(bytes.buffer, begin);
  const values = new Type(count);
  for (let at = 0; at < count; at++)
    values[at] = size === 4 ? view.getFloat32(at * step, !swap) : view.getFloat64(at * step, !swap);
  return values;
}

/** Where timestamps lie in memory. */
export interface TimestampLayout {
  readonly dtype: DType;
  /** Whether the timestamps are big endian. */
  readonly swap: boolean;
  /** Index of the first timestamp in its dataset. */
  readonly start: number;
  /** Number of timestamps. */
  readonly count: number;
  /** Byte of the first timestamp. Default: 0 */
  readonly offset?: number;
  /** Bytes between neighbours. Default: the size of an item */
  readonly step?: number;
}

/** Checks the timestamps in pieces of a source, one summary for each piece. */
export function summarizePieces(pieces: readonly Piece[], dtype: DType): TimestampSummary[] {
  return pieces.map(({ bytes, offset, steps: [step], start: [start], count: [count], swap }) =>
    summarizeBytes(bytes, { dtype, swap, start, count, offset, step: step as number }),
  );
}

/** Combines two summaries; `b` must begin at the end of `a` or after it. */
export function joinTimestamps(a: TimestampSummary, b: TimestampSummary): TimestampSummary {
  const border: Fault =
    b.first < a.last ? { count: 1, index: b.firstAt, value: b.first, after: a.last } : undefined;
  const isEmpty = a.firstAt < 0;
  return {
    start: a.start,
    end: b.end,
    firstAt: isEmpty ? b.firstAt : a.firstAt,
    first: isEmpty ? b.first : a.first,
    last: b.firstAt < 0 ? a.last : b.last,
    ...found(
      both(a.notFinite, b.notFinite),
      both(a.negative, b.negative),
      both(both(a.falling, border), b.falling),
    ),
  };
}

/**
 * Warnings about faulty timestamps, one line per kind of fault; NWB Inspector checks for the same faults.
 *
 * @param path of the dataset
 * @param count number of all timestamps of the dataset
 */
export function timestampWarnings(
  path: string,
  count: number,
  { notFinite, negative, falling }: TimestampSummary,
): string[] {
  const line = (fault: Fault, what: string): string[] => {
    if (!fault) return [];
    const where = `${fault.count === 1 ? '' : 'the first '}at index ${fault.index}`;
    const value = `${fault.value}${fault.after === undefined ? '' : ` after ${fault.after}`}`;
    return [`${path}: timestamps are ${what} (${fault.count} of ${count}, ${where}: ${value})`];
  };
  return [
    ...line(notFinite, 'not finite'),
    ...line(negative, 'negative'),
    ...line(falling, 'not ascending'),
  ];
}

function both(a: Fault, b: Fault): Fault {
  return a && b ? { ...a, count: a.count + b.count } : (a ?? b);
}

/** Leaves out faults that did not occur, because one summary is kept per chunk and few chunks have faults. */
function found(notFinite: Fault, negative: Fault, falling: Fault) {
  return {
    ...(notFinite && { notFinite }),
    ...(negative && { negative }),
    ...(falling && { falling }),
  };
}
