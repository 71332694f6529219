/**
 * An iterator yields this between DataChunks to learn when all earlier ones are safe: in the file and, if the
 * conversion has a journal, recorded there, so that the conversion can be resumed after a crash.
 */
export class FlushRequest {
  readonly #onSettled: (error?: unknown) => void;

  /** @param onSettled called without an error if all earlier DataChunks are safe, else with the error */
  constructor(onSettled: (error?: unknown) => void) {
    this.#onSettled = onSettled;
  }

  /** Answers the request; called by the consumer of the DataChunks. */
  settle(error?: unknown): void {
    this.#onSettled(error);
  }
}
