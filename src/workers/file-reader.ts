import { closeSync, openSync } from 'node:fs';
import { readAt } from '../read-at.js';

/** The bytes of the file, read where chunks lie. */
export class FileReader {
  readonly #filename: string;
  #file: number | undefined;
  #bytes = new Uint8Array(0);

  constructor(filename: string) {
    this.#filename = filename;
  }

  /** Valid until the next call. @throws Error where the file ends too soon, or can't be read */
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

  /** Closes the file; it is opened again when it is read again. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
