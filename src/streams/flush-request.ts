/**
 * Yielded between DataChunks by an iterator that wants to know when the ones before it are safe: in
 * the file, and on record for a conversion that has to go on after a crash.
 */
export class FlushRequest {
  readonly #onSettled: (error?: unknown) => void;

  /** @param onSettled called with the error, or without one when all that came before is safe */
  constructor(onSettled: (error?: unknown) => void) {
    this.#onSettled = onSettled;
  }

  /** Answers the request; for whoever takes the DataChunks. */
  settle(error?: unknown): void {
    this.#onSettled(error);
  }
}
