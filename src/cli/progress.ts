import { progressBar, progressLine } from './progress-bar.js';
import { RateMeter } from './rate.js';

/** The stream that shows progress: stderr, or a test's own. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressDone {
  readonly bytesRead: number;
  readonly bytesPlanned: number;
}

export interface ProgressView {
  update(done: ProgressDone): void;
  /** Erases the bar. Call it when the work has ended, also after an error. */
  finish(): void;
}

const BAR_EVERY_MS = 100;
const LINE_EVERY_MS = 5000;
const ERASE_LINE = '\r\x1b[K';

/**
 * Shows the progress of some work: a bar on a terminal, elsewhere a plain line every five seconds.
 *
 * @param now milliseconds of a monotonic clock
 */
export function showProgress(
  label: string,
  stream: ProgressStream = process.stderr,
  now: () => number = () => performance.now(),
): ProgressView {
  const bar = stream.isTTY === true && process.env.TERM !== 'dumb';
  const every = bar ? BAR_EVERY_MS : LINE_EVERY_MS;
  const meter = new RateMeter();
  // A bar appears at once; a line only after the first interval, so that short work prints none.
  let shownAt = bar ? Number.NEGATIVE_INFINITY : now();
  return {
    update(done) {
      const at = now();
      meter.add(at, done.bytesRead);
      if (at - shownAt < every) return;
      shownAt = at;
      const state = { label, ...done, bytesPerSecond: meter.bytesPerSecond };
      // Some terminals wrap a line that is exactly as wide as they are.
      const width = (stream.columns || 80) - 1;
      stream.write(bar ? `\r${progressBar(state, width)}\x1b[K` : `${progressLine(state)}\n`);
    },
    finish() {
      if (bar && shownAt !== Number.NEGATIVE_INFINITY) stream.write(ERASE_LINE);
    },
  };
}

/** Runs work that reports its progress, and shows the progress if `shown`. */
export async function withProgress<T>(
  label: string,
  shown: boolean,
  work: (onProgress: (done: ProgressDone) => void) => Promise<T>,
): Promise<T> {
  if (!shown) return work(() => {});
  const view = showProgress(label);
  try {
    return await work((done) => view.update(done));
  } finally {
    view.finish();
  }
}
