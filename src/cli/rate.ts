/** How long the memory of the rate is, milliseconds: it follows the disk, but does not flicker. */
const WINDOW_MS = 10_000;

/** Bytes per second over the last ten seconds. */
export class RateMeter {
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];

  /**
   * @param at milliseconds of any clock that does not go back
   * @param bytes done so far
   */
  add(at: number, bytes: number): void {
    this.#samples.push({ at, bytes });
    // The oldest that is left began before the window, or the window would shrink.
    while (this.#samples.length > 2 && this.#samples[1].at <= at - WINDOW_MS) this.#samples.shift();
  }

  /** undefined until something was done. */
  get bytesPerSecond(): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.bytes <= first.bytes || last.at <= first.at) return undefined;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
}
