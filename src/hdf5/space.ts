import { callCodec } from './codec-errors.js';
import { type NativeSpace, native } from './native.js';

/**
 * The way to an open file's bytes from any thread, without libhdf5. What is written becomes part of
 * a dataset when it is placed.
 */
export class FileSpace {
  readonly #native: InstanceType<NativeSpace['Space']>;

  /**
   * @param token of the file, see `File.token`
   * @throws ClosedError where no open file of this process has it
   */
  constructor(token: bigint) {
    this.#native = callCodec(() => new native.Space(token));
  }

  /** Takes bytes that nothing else will use; returns their address. @throws ClosedError */
  reserve(bytes: number): number {
    return callCodec(() => this.#native.reserve(bytes));
  }

  /**
   * Writes all bytes at an address, within what is reserved.
   * @throws WriteError, ClosedError; RangeError for an address that was not reserved
   */
  write(bytes: Uint8Array, address: number): void {
    callCodec(() => this.#native.write(bytes, address));
  }

  /** Lets go of the file. Closing twice does nothing. */
  close(): void {
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
