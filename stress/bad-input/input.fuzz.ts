import { expect, test } from 'vitest';
import { fuzzManifest, fuzzNpy } from '../../test/bad-input/fuzz.js';

const seconds = Number(process.env.FUZZ_SECONDS);
const seed = Number(process.env.FUZZ_SEED);

test.each([
  ['npy', fuzzNpy],
  ['manifest', fuzzManifest],
] as const)('%s', async (name, fuzz) => {
  const { runs, read, refused } = await fuzz({ seconds, seed });
  console.log(`${name}: ${runs} inputs, ${read} read, ${refused} refused`);
  // If none is read or none is refused, the fuzzer mutates too much or too little.
  expect(Math.min(read, refused)).toBeGreaterThan(0);
});
