import { fstatSync } from 'node:fs';
import { checksum } from '../../hdf5/index.js';
import { readAt } from '../../read-at.js';

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
  /** Whether what lies before it is no frame: something that had been written is damaged. */
  readonly isBehindDamage: boolean;
}

/** How far is looked for a frame behind what is none; longer ones are not found again. */
const SEARCHED = 1024 * 1024;

/**
 * Reads the records of a file from an address on, until no more frame follows: the last may be cut
 * short. A frame that is damaged, so that others follow, is passed over.
 *
 * @throws Error where the file can't be read
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
  // No record is empty: a file that was lengthened, but not written, is full of zeros.
  const record = length > 0 ? window.take(length) : undefined;
  return record && checksum(record) === expected ? record : undefined;
}

function readHead(bytes: Uint8Array, at: number): { length: number; expected: bigint } {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEAD);
  return { length: view.getUint32(0, true), expected: view.getBigUint64(4, true) };
}

/** Where the next frame begins, from an address on. */
function findFrame(descriptor: number, from: number): number | undefined {
  const bytes = new Uint8Array(2 * SEARCHED);
  const held = readAt(descriptor, bytes, 0, bytes.length, from);
  for (let at = 0; at < SEARCHED && at + HEAD < held; at++) {
    const { length, expected } = readHead(bytes, at);
    const end = at + HEAD + length;
    if (length === 0 || end > held) continue;
    if (checksum(bytes.subarray(at + HEAD, end)) === expected) return from + at;
  }
  return undefined;
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
      const got = readAt(this.#descriptor, bytes, held, bytes.length - held, this.position + held);
      if (got === 0) break;
      held += got;
    }
    this.#bytes = bytes.subarray(0, held);
  }
}
