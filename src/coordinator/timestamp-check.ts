import { copyItems, type Lattice } from '../hdf5/index.js';
import { type AxisPick, type DType, itemSize, pickAt } from '../layout/index.js';
import {
  joinTimestamps,
  summarizeBytes,
  type TimestampSummary,
  timestampWarnings,
} from '../sources/index.js';

/** Whether a dataset holds the timestamps of a series, judged by its name and type. */
export function isTimestamps(dataset: {
  readonly path: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}): boolean {
  const { path, dtype, shape } = dataset;
  return path.endsWith('/timestamps') && dtype.startsWith('float') && shape.length === 1;
}

/** A chunk of timestamps that is about to be encoded. */
interface TimestampChunk {
  /** Index of the chunk's first timestamp. */
  readonly start: number;
  /** The timestamps, dense, in the byte order of the file. */
  readonly buffer: ArrayBuffer;
  readonly dtype: DType;
  readonly bigEndian: boolean;
}

/**
 * Checks the timestamps of a dataset while they are written, job by job or chunk by chunk, in any order. If a part
 * is written again, its new summary replaces the earlier one.
 */
export class TimestampCheck {
  /** By the index of the first timestamp. */
  readonly #parts = new Map<number, TimestampSummary>();

  put(summary: TimestampSummary): void {
    this.#parts.set(summary.start, summary);
  }

  /**
   * Takes in a chunk that is about to be encoded.
   *
   * @param rows length of the dataset; the chunk holds no data beyond it
   */
  putChunk({ start, buffer, dtype, bigEndian }: TimestampChunk, rows: number): void {
    const bytes = new Uint8Array(buffer);
    const count = Math.min(bytes.length / itemSize(dtype), rows - start);
    this.put(summarizeBytes(bytes, { dtype, swap: bigEndian, start, count }));
  }

  /** Takes in a piece of a dataset that is not chunked, in the byte order of the host. */
  putPiece(pick: AxisPick, from: Lattice, dtype: DType): void {
    const { count } = pick;
    const bytes = new Uint8Array(count * itemSize(dtype));
    const to = { bytes, offset: 0, steps: [itemSize(dtype)] };
    copyItems(from, to, [count], itemSize(dtype));
    this.put(summarizeBytes(bytes, { dtype, swap: false, start: pickAt(pick, 0), count }));
  }

  /**
   * @param path path of the dataset, for messages
   * @param count number of timestamps in the complete dataset
   */
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
