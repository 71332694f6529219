import { closeSync, openSync } from 'node:fs';
import { readAt } from '../read-at.js';

/** Reads stored chunks from the file. */
export class FileReader {
  readonly #filename: string;
  #file: number | undefined;
  #bytes = new Uint8Array(0);

  constructor(filename: string) {
    this.#filename = filename;
  }

  /**
   * Reads `size` bytes at `address`. The returned array is valid until the next call.
   * @throws Error if the file can't be read or ends too soon
   */
  read(address: number, size: number): Uint8Array {
    this.#file ??= openSync(this.#filename, 'r');
    if (this.#bytes.length < size) this.#bytes = new Uint8Array(size);
    let done = 0;
    while (done < size) {
      const got = readAt(this.#file, this.#bytes, done, size - done, address + done);
      if (got === 0)
        throw new Error(
          `Expected ${size} bytes at ${address} of ${this.#filename} but received ${done}`,
        );
      done += got;
    }
    return this.#bytes.subarray(0, size);
  }

  /** Closes the file; the next read opens it again. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
