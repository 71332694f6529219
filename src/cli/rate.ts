/** Length of the averaging window, milliseconds: long enough that the rate does not flicker. */
const WINDOW_MS = 10_000;

/** Bytes per second over the last ten seconds. */
export class RateMeter {
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];

  /**
   * @param at milliseconds of a monotonic clock
   * @param bytes done so far
   */
  add(at: number, bytes: number): void {
    this.#samples.push({ at, bytes });
    // Keep one sample from before the window, so that the rate covers all of it.
    while (this.#samples.length > 2 && this.#samples[1].at <= at - WINDOW_MS) this.#samples.shift();
  }

  /** Undefined before any bytes are done. */
  get bytesPerSecond(): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.bytes <= first.bytes || last.at <= first.at) return undefined;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
}
