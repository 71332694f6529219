import { fstatSync } from 'node:fs';
import { checksum } from '../../hdf5/index.js';
import { readAt } from '../../read-at.js';

/** Bytes before the record of a frame: the record's length (uint32) and checksum (uint64), little endian. */
const HEAD = 12;

/** Bytes that are read at once. */
const BLOCK = 1024 * 1024;

/** Puts a record into a frame, whose length and checksum tell whether the record is complete and intact. */
export function frame(record: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(HEAD + record.length);
  framed.writeUInt32LE(record.length, 0);
  framed.writeBigUInt64LE(checksum(record), 4);
  framed.set(record, HEAD);
  return framed;
}

/** A record that was read from a file. */
export interface Framed {
  readonly record: Uint8Array;
  /** Where its frame ends, in bytes from the start of the file. */
  readonly end: number;
  /** Whether the bytes before its frame are no valid frame, so that at least one record is lost. */
  readonly isBehindDamage: boolean;
}

/** How many bytes are searched for the next frame after a damaged one. A longer frame is not found. */
const SEARCH_BYTES = 1024 * 1024;

/**
 * Reads the records of a file from a position on. A damaged frame is skipped if a valid one follows; otherwise, the
 * reading ends there: the last frame may be cut short.
 *
 * @throws Error if the file can't be read
 */
export function* readFrames(descriptor: number, from: number): Generator<Framed, void, undefined> {
  let window = new Window(descriptor, from);
  let isBehindDamage = false;
  for (;;) {
    const begin = window.position;
    const record = takeRecord(window);
    if (record) {
      yield { record, end: window.position, isBehindDamage };
      isBehindDamage = false;
      continue;
    }
    const next = findFrame(descriptor, begin + 1);
    if (next === undefined) return;
    window = new Window(descriptor, next);
    isBehindDamage = true;
  }
}

function takeRecord(window: Window): Uint8Array | undefined {
  const head = window.take(HEAD);
  if (!head) return undefined;
  const { length, expected } = readHead(head, 0);
  // A length of 0 is no record: a file that was lengthened, but not written, is full of zeros.
  const record = length > 0 ? window.take(length) : undefined;
  return record && checksum(record) === expected ? record : undefined;
}

function readHead(bytes: Uint8Array, at: number): { length: number; expected: bigint } {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEAD);
  return { length: view.getUint32(0, true), expected: view.getBigUint64(4, true) };
}

/** Finds the position of the next valid frame, from a position on. */
function findFrame(descriptor: number, from: number): number | undefined {
  const bytes = new Uint8Array(2 * SEARCH_BYTES);
  const held = readAt(descriptor, bytes, 0, bytes.length, from);
  for (let at = 0; at < SEARCH_BYTES && at + HEAD < held; at++) {
    const { length, expected } = readHead(bytes, at);
    const end = at + HEAD + length;
    if (length === 0 || end > held) continue;
    if (checksum(bytes.subarray(at + HEAD, end)) === expected) return from + at;
  }
  return undefined;
}

/** Reads a file from front to back, in large blocks. */
class Window {
  /** Of the next byte that `take` returns. */
  position: number;
  readonly #descriptor: number;
  readonly #size: number;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(descriptor: number, position: number) {
    this.#descriptor = descriptor;
    this.#size = fstatSync(descriptor).size;
    this.position = position;
  }

  /** Copies the next bytes; undefined if the file has fewer. */
  take(count: number): Uint8Array | undefined {
    // Checked before memory is allocated, because the count comes from the file and may be garbage.
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
      const got = readAt(this.#descriptor, bytes, held, bytes.length - held, this.position + held);
      if (got === 0) break;
      held += got;
    }
    this.#bytes = bytes.subarray(0, held);
  }
}
