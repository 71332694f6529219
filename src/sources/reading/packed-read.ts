import type { PositionalFile } from './positional-read.js';

/** One axis of a box in a file; the fastest one is given as runs. */
export interface OuterAxis {
  readonly count: number;
  /** Bytes in the file between neighbours, or the byte offset of each index. */
  readonly step: number | readonly number[];
}

/** Bytes that lie together; `at` counts from the origin of the box. */
export interface Run {
  readonly at: number;
  readonly bytes: number;
}

/**
 * Runs with a gap up to this between them are read together: reading 16 KiB too much from the page
 * cache costs less than another system call.
 */
const GAP = 16 * 1024;
/** A run at least this long is read straight to its place. */
const LONG_RUN = 64 * 1024;
/** Fits the cache of a core, and is long enough for a disk to stream. */
const WINDOW = 256 * 1024;
/** Up to here a loop over bytes is faster than calling `set` with a view. */
const SHORT_COPY = 64;

/** One per thread and kept: a read is over before the next one begins. */
let sharedWindow: Uint8Array | undefined;

/**
 * Reads a box out of a file and leaves it dense in `into`: the outer axes from the slowest to the
 * fastest, then the runs in the order given.
 *
 * Runs that lie near one another are read together, through a window of fixed size, and sieved
 * (Thakur, Gropp and Lusk, "Data sieving and collective I/O in ROMIO", 1999). So a narrow selection
 * of wide rows takes few system calls, and no more memory than the selection.
 *
 * @param origin position in the file of the box's element `[0, .., 0]`
 * @param fastest the runs of the fastest axis, ascending, without overlap
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

/** Makes runs as long as they are in the file: whole rows that follow one another are one run. */
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
 * How far out neighbours are near enough to be read together. The axes from `depth` on make one
 * block of `span` bytes; `outer.length + 1` means that each run is read by itself.
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

/** Takes ascending runs of a block, reading ahead within the block only. */
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
