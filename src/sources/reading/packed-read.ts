import type { PositionalFile } from './positional-read.js';

/** One axis of a box in a file. The fastest axis is described by runs instead. */
export interface OuterAxis {
  readonly count: number;
  /** Bytes in the file between neighbours, or the byte offset of each index. */
  readonly step: number | readonly number[];
}

/** Contiguous bytes; `at` counts from the origin of the box. */
export interface Run {
  readonly at: number;
  readonly bytes: number;
}

/**
 * Runs with gaps of at most this many bytes are read together: reading 16 KiB too much from the page cache costs
 * less than another system call.
 */
const GAP = 16 * 1024;
/** Runs of at least this many bytes are read directly to their place, without the window. */
const LONG_RUN = 64 * 1024;
/** Size of the window in bytes: fits the cache of a core, and is long enough for a disk to read at full speed. */
const WINDOW = 256 * 1024;
/** Up to this many bytes, a loop is faster than a call of `set` with a view. */
const SHORT_COPY = 64;

/** All reads of a thread share one window, because a read ends before the next one begins. */
let sharedWindow: Uint8Array | undefined;

/**
 * Reads a box from a file and packs it densely into `into`: the outer axes from the slowest to the fastest, then
 * the runs in the given order.
 *
 * Runs near one another are read together through a window of fixed size, and the wanted bytes are copied from
 * it (Thakur, Gropp and Lusk, "Data sieving and collective I/O in ROMIO", 1999). So a narrow selection of wide
 * rows takes few system calls, and only the memory of the selection and the window.
 *
 * @param origin position in the file of the box's element `[0, .., 0]`
 * @param fastest the runs of the fastest axis, in ascending order and without overlap
 */
export function readPacked(
  file: PositionalFile,
  origin: number,
  axes: readonly OuterAxis[],
  fastest: readonly Run[],
  into: Uint8Array,
): void {
  const { outer, runs } = collapse(axes, fastest);
  const { depth, span } = blocks(outer, runs);
  const sieve = createSieve(file, into);

  const visit = (level: number, position: number): void => {
    if (level === depth) sieve.begin(position + runs[0].at, span);
    if (level === outer.length) {
      for (const { at, bytes } of runs) {
        if (depth > level) sieve.begin(position + at, bytes);
        sieve.take(position + at, bytes);
      }
      return;
    }
    const { count, step } = outer[level];
    for (let i = 0; i < count; i++) {
      visit(level + 1, position + (typeof step === 'number' ? i * step : step[i]));
    }
  };
  visit(0, origin);
}

/** Joins runs that are contiguous in the file: whole rows that follow one another become one run. */
function collapse(axes: readonly OuterAxis[], fastest: readonly Run[]) {
  const outer = axes.filter(({ count, step }) => count > 1 || typeof step !== 'number');
  let runs = fastest;
  while (runs.length === 1 && outer.length > 0) {
    const { count, step } = outer[outer.length - 1];
    const { at, bytes } = runs[0];
    if (step !== bytes) break;
    runs = [{ at, bytes: bytes * count }];
    outer.pop();
  }
  return { outer, runs };
}

/**
 * Finds the largest blocks whose runs are near enough to be read together. The axes from `depth` on form one block
 * of `span` bytes; a depth of `outer.length + 1` means that each run is read separately.
 */
function blocks(outer: readonly OuterAxis[], runs: readonly Run[]) {
  const last = runs[runs.length - 1];
  let span = last.at + last.bytes - runs[0].at;
  const apart = runs.some((run, i) => i > 0 && run.at - (runs[i - 1].at + runs[i - 1].bytes) > GAP);
  if (apart) return { depth: outer.length + 1, span };
  let depth = outer.length;
  for (; depth > 0; depth--) {
    const { count, step } = outer[depth - 1];
    if (typeof step !== 'number' || step < span || step - span > GAP) break;
    span += (count - 1) * step;
  }
  return { depth, span };
}

/** Copies the ascending runs of a block to `into`; reads ahead, but never beyond the block. */
function createSieve(file: PositionalFile, into: Uint8Array) {
  let written = 0;
  let blockEnd = 0;
  let windowStart = 0;
  let windowEnd = 0;

  const copy = (window: Uint8Array, from: number, bytes: number): void => {
    if (bytes > SHORT_COPY) {
      into.set(window.subarray(from, from + bytes), written);
      return;
    }
    for (let i = 0; i < bytes; i++) into[written + i] = window[from + i];
  };

  return {
    begin(position: number, bytes: number): void {
      blockEnd = position + bytes;
      windowEnd = position;
    },
    take(position: number, bytes: number): void {
      if (position + bytes > windowEnd) {
        if (bytes >= LONG_RUN || position + bytes === blockEnd) {
          file.read(into, written, bytes, position);
          written += bytes;
          return;
        }
        sharedWindow ??= new Uint8Array(WINDOW);
        windowStart = position;
        windowEnd = Math.min(position + WINDOW, blockEnd);
        file.read(sharedWindow, 0, windowEnd - windowStart, windowStart);
      }
      copy(sharedWindow as Uint8Array, position - windowStart, bytes);
      written += bytes;
    },
  };
}
