import { copyItems, type Lattice } from '../hdf5/index.js';
import { type AxisPick, type DType, itemSize, pickAt } from '../layout/index.js';
import {
  joinTimestamps,
  summarizeBytes,
  type TimestampSummary,
  timestampWarnings,
} from '../sources/timestamps.js';

/** Whether a dataset holds the timestamps of a series, whoever made it. */
export function isTimestamps(dataset: {
  readonly path: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}): boolean {
  const { path, dtype, shape } = dataset;
  return path.endsWith('/timestamps') && dtype.startsWith('float') && shape.length === 1;
}

interface GatheredChunk {
  readonly target: {
    readonly dtype: DType;
    readonly swap: boolean;
    readonly chunkItems: number;
  };
  readonly start: readonly number[];
  /** Dense, items as in the file. */
  readonly buffer: ArrayBuffer;
}

/**
 * What was seen of the timestamps of a dataset, job by job or chunk by chunk, in any order. A part that is
 * written again replaces what was seen of it before.
 */
export class TimestampCheck {
  readonly #parts = new Map<number, TimestampSummary>();

  put(summary: TimestampSummary): void {
    this.#parts.set(summary.start, summary);
  }

  /**
   * Looks at a chunk as it is to be encoded.
   *
   * @param rows that the dataset has: behind them a chunk holds nothing
   */
  putChunk({ target, start: [start], buffer }: GatheredChunk, rows: number): void {
    const { dtype, swap, chunkItems } = target;
    const count = Math.min(chunkItems, rows - start);
    this.put(summarizeBytes(new Uint8Array(buffer), { dtype, swap, start, count }));
  }

  /** Looks at a piece of a dataset that is not chunked. */
  putPiece(pick: AxisPick, from: Lattice, dtype: DType): void {
    const { count } = pick;
    const bytes = new Uint8Array(count * itemSize(dtype));
    const to = { bytes, offset: 0, steps: [itemSize(dtype)] };
    copyItems(from, to, [count], itemSize(dtype));
    this.put(summarizeBytes(bytes, { dtype, swap: false, start: pickAt(pick, 0), count }));
  }

  /** @param count how many timestamps the dataset has in the end */
  warnings(path: string, count: number): string[] {
    const parts = [...this.#parts.values()].sort((a, b) => a.start - b.start);
    const checked = parts.reduce((sum, { start, end }) => sum + end - start, 0);
    const unchecked =
      checked < count
        ? [
            `${path}: ${count - checked} of ${count} timestamps were not written by this run and not checked`,
          ]
        : [];
    if (parts.length === 0) return unchecked;
    return [...timestampWarnings(path, count, parts.reduce(joinTimestamps)), ...unchecked];
  }
}
