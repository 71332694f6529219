import { fstatSync, readSync } from 'node:fs';
import { checksum } from '../../hdf5/index.js';

/** Length of what a frame holds (uint32), and its checksum (uint64), both little endian. */
const HEAD = 12;

/** What is read at one go. */
const BLOCK = 1024 * 1024;

/** A record with its length and its checksum, by which one that was cut short is known. */
export function frame(record: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(HEAD + record.length);
  framed.writeUInt32LE(record.length, 0);
  framed.writeBigUInt64LE(checksum(record), 4);
  framed.set(record, HEAD);
  return framed;
}

/** A record of a file, and where its frame ends. */
export interface Framed {
  readonly record: Uint8Array;
  /** bytes from the start of the file */
  readonly end: number;
}

/**
 * Reads the records of a file from an address on, until it ends or holds something else: a frame that
 * is cut short, or of another checksum. What comes behind that is not looked at.
 *
 * @throws Error where the file can't be read
 */
export function* readFrames(descriptor: number, from: number): Generator<Framed, void, undefined> {
  const window = new Window(descriptor, from);
  for (;;) {
    const head = window.take(HEAD);
    if (!head) return;
    const view = new DataView(head.buffer, head.byteOffset, HEAD);
    const length = view.getUint32(0, true);
    const expected = view.getBigUint64(4, true);
    // No record is empty: a file that was lengthened, but not written, is full of zeros.
    if (length === 0) return;
    const record = window.take(length);
    if (!record || checksum(record) !== expected) return;
    yield { record, end: window.position };
  }
}

/** Takes bytes of a file one after the other, in large reads. */
class Window {
  /** Of the next byte to be taken. */
  position: number;
  readonly #descriptor: number;
  readonly #size: number;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(descriptor: number, position: number) {
    this.#descriptor = descriptor;
    this.#size = fstatSync(descriptor).size;
    this.position = position;
  }

  /** Memory of their own; undefined where the file has fewer. */
  take(count: number): Uint8Array | undefined {
    // First, since what says how many there are may be garbage.
    if (count > this.#size - this.position) return undefined;
    if (this.#bytes.length < count) this.#fill(count);
    const taken = this.#bytes.slice(0, count);
    if (taken.length < count) return undefined;
    this.#bytes = this.#bytes.subarray(count);
    this.position += count;
    return taken;
  }

  #fill(count: number): void {
    const bytes = new Uint8Array(Math.max(BLOCK, count));
    bytes.set(this.#bytes);
    let held = this.#bytes.length;
    while (held < count) {
      const got = readSync(
        this.#descriptor,
        bytes,
        held,
        bytes.length - held,
        this.position + held,
      );
      if (got === 0) break;
      held += got;
    }
    this.#bytes = bytes.subarray(0, held);
  }
}
