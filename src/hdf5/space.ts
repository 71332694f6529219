import { callCodec } from './codec-errors.js';
import { type NativeSpace, native } from './native.js';

/**
 * Reserves and writes space of an open file from any thread, without libhdf5. Written bytes become part of a
 * dataset when they are placed.
 */
export class FileSpace {
  readonly #native: InstanceType<NativeSpace['Space']>;

  /**
   * @param token identifies the file, see `File.token`
   * @throws ClosedError if no open file of this process has this token
   */
  constructor(token: bigint) {
    this.#native = callCodec(() => new native.Space(token));
  }

  /**
   * Reserves space that nothing else will use.
   * @returns the address of its first byte
   * @throws ClosedError if the file or this object was closed
   */
  reserve(bytes: number): number {
    return callCodec(() => this.#native.reserve(bytes));
  }

  /**
   * Writes bytes at an address inside reserved space.
   * @throws WriteError; ClosedError if the file or this object was closed; RangeError for an address that was not
   * reserved
   */
  write(bytes: Uint8Array, address: number): void {
    callCodec(() => this.#native.write(bytes, address));
  }

  /** Releases the file. A second call does nothing. */
  close(): void {
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
