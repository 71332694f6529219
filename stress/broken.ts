import { closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import type { OnRecord } from './kills/left.js';
import type { Random } from './random.js';

/** Overwrites all bytes of a partial file except for its chunks on record: nothing else may be needed. */
export function scrambleRest(
  partial: string,
  chunks: ReadonlyMap<string, OnRecord>,
  random: Random,
): void {
  const kept = [...chunks.values()]
    .filter(({ address }) => address >= 0)
    .sort((a, b) => a.address - b.address);
  const { size } = statSync(partial);
  let at = 0;
  for (const { address, storedBytes } of [...kept, { address: size, storedBytes: 0 }]) {
    if (address > at) scramble(partial, at, Math.min(address, size) - at, random);
    at = Math.max(at, address + storedBytes);
  }
}

/** Overwrites a range of bytes with 0xff, with zeros, or with random bytes. */
export function scramble(path: string, address: number, length: number, random: Random): void {
  const bytes = Buffer.alloc(Math.max(0, length), random.pick([0xff, 0]));
  if (random.chance(0.6))
    for (let at = 0; at < bytes.length; at++) bytes[at] = random.whole(0, 256);
  const file = openSync(path, 'r+');
  try {
    writeSync(file, bytes, 0, bytes.length, address);
  } finally {
    closeSync(file);
  }
}

/** Cuts a file at a random position, and returns its new size. */
export function cutSomewhere(path: string, random: Random): number {
  const size = random.whole(0, statSync(path).size);
  truncateSync(path, size);
  return size;
}
