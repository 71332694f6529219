import type { Hyperslab } from '../layout/index.js';

/** The output can't be made where it was asked for. */
export class OutputError extends Error {
  readonly tag = 'OutputError';
  readonly path: string;
  readonly expected: string;
  readonly received: string;

  constructor(path: string, expected: string, received: string, cause?: unknown) {
    super(`Expected ${expected} for ${path} but received ${received}`, { cause });
    this.name = 'OutputError';
    this.path = path;
    this.expected = expected;
    this.received = received;
  }
}

/** A job failed; `cause` says why, in the words of the room where it did. */
export class JobError extends Error {
  readonly tag = 'JobError';
  /** Absolute path in the file. */
  readonly dataset: string;
  readonly hyperslab: Hyperslab;

  constructor(dataset: string, hyperslab: Hyperslab, cause: Error) {
    super(`${cause.message} (${dataset}, ${slabText(hyperslab)})`, { cause });
    this.name = 'JobError';
    this.dataset = dataset;
    this.hyperslab = hyperslab;
  }
}

/** As numpy would write the selection: `[0:8192, 64:128]`. */
export function slabText({ start, count }: Hyperslab): string {
  return `[${start.map((from, axis) => `${from}:${from + count[axis]}`).join(', ')}]`;
}
