/** Data that byte planes do not help, or that can't be compressed at all. */
import type { Random } from './random.js';
import { RECORDING_CHUNK, ROW_BYTES, type Row } from './row.js';

const WORDS = 3000;
/** Exponent of Zipf's law, and the sum of its weights over all ranks (Riemann's zeta function). */
const ZIPF = 1.25;
const ZETA = 4.5951;

/** A text of random words, whose frequencies follow Zipf's law. */
function text(random: Random): Uint8Array {
  const words = Array.from({ length: WORDS }, () => {
    const letters = Array.from({ length: 2 + random.below(8) }, () => 97 + random.below(26));
    return Buffer.from([...letters, 32]);
  });
  const upTo = new Float64Array(WORDS);
  for (let rank = 0, sum = 0; rank < WORDS; rank++) {
    sum += (rank + 1) ** -ZIPF / ZETA;
    upTo[rank] = sum;
  }
  // The weights of all later ranks go to the last word.
  upTo[WORDS - 1] = 1;
  const bytes = Buffer.alloc(ROW_BYTES);
  for (let at = 0; at < ROW_BYTES; ) {
    const word = words[rankOf(upTo, random.uniform())];
    word.copy(bytes, at);
    at += word.length;
  }
  return bytes;
}

/** The first rank whose cumulative weight is not below a number. */
function rankOf(upTo: Float64Array, number: number): number {
  let low = 0;
  let high = upTo.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (upTo[middle] < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

const MEBIBYTE = 2 ** 20;

export const EXTREMES: readonly Row[] = [
  {
    name: 'random-bytes',
    group: 'extremes',
    dtype: 'uint8',
    shape: [ROW_BYTES],
    chunk: [MEBIBYTE],
    make: (random) => {
      const words = Uint32Array.from({ length: ROW_BYTES / 4 }, () => random.u32());
      return new Uint8Array(words.buffer);
    },
  },
  {
    name: 'zeros',
    group: 'extremes',
    dtype: 'int16',
    shape: [ROW_BYTES / 2 / 64, 64],
    chunk: RECORDING_CHUNK,
    make: () => new Int16Array(ROW_BYTES / 2),
  },
  {
    name: 'text',
    group: 'extremes',
    dtype: 'uint8',
    shape: [ROW_BYTES],
    chunk: [MEBIBYTE],
    make: text,
  },
];
