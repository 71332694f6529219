import { endianness } from 'node:os';
import { type DType, itemSize } from '../layout/dtype.js';
import type { Piece } from './types.js';

/** Timestamps with the same fault: how many, and the first of them. */
export interface TimestampFault {
  readonly count: number;
  readonly index: number;
  readonly value: number;
  /** Of one that falls: the last finite timestamp before it. */
  readonly after?: number;
}

type Fault = TimestampFault | undefined;

/** What is known of timestamps that stand one behind the other, once they have been looked at. */
export interface TimestampSummary {
  /** Index of the first one. */
  readonly start: number;
  /** Index behind the last one. */
  readonly end: number;
  /** Index of the first finite one, -1 where none is. */
  readonly firstAt: number;
  /** The first finite one and the last, NaN where none is. */
  readonly first: number;
  readonly last: number;
  /** NaN or infinite. */
  readonly notFinite?: Fault;
  readonly negative?: Fault;
  /** Less than the last finite one before. Equal neighbours are in order, as they are to NWB Inspector. */
  readonly falling?: Fault;
}

/** Looks at timestamps; the first of them has the index `start` in their dataset. */
export function summarizeTimestamps(values: ArrayLike<number>, start: number): TimestampSummary {
  const notFinite = new FaultCounter(start);
  const negative = new FaultCounter(start);
  const falling = new FaultCounter(start);
  let first = Number.NaN;
  let firstAt = -1;
  let last = Number.NaN;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    // The one line that most timestamps cost.
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

/** Counts without an object for each: all timestamps may have the fault. */
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

/** Looks at timestamps as they lie in memory, from byte `offset` on, `step` bytes apart. */
export function summarizeBytes(bytes: Uint8Array, layout: TimestampLayout): TimestampSummary {
  return summarizeTimestamps(valuesOf(bytes, layout), layout.start);
}

/** Without a copy where a typed array can hold them as they lie. */
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

export interface TimestampLayout {
  readonly dtype: DType;
  /** Whether they are big endian. */
  readonly swap: boolean;
  /** Index of the first one. */
  readonly start: number;
  readonly count: number;
  readonly offset?: number;
  readonly step?: number;
}

/** Looks at the timestamps that were read of a source. */
export function summarizePieces(pieces: readonly Piece[], dtype: DType): TimestampSummary[] {
  return pieces.map(({ bytes, offset, steps: [step], start: [start], count: [count], swap }) =>
    summarizeBytes(bytes, { dtype, swap, start, count, offset, step: step as number }),
  );
}

/** Two summaries as one, where `b` begins at the end of `a` or behind it. */
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
 * What NWB Inspector would say of timestamps, one line each.
 *
 * @param path of the dataset
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

/** Summaries are kept by the chunk, and few have faults. */
function found(notFinite: Fault, negative: Fault, falling: Fault) {
  return {
    ...(notFinite && { notFinite }),
    ...(negative && { negative }),
    ...(falling && { falling }),
  };
}
