import { expect, test } from 'vitest';
import { numRuns } from '../support/effort.js';
import { fuzzManifest, fuzzNpy } from './fuzz.js';

test.each([
  ['.npy files', fuzzNpy, numRuns(200)],
  ['manifests', fuzzManifest, numRuns(100)],
] as const)('mutated %s are read or refused', async (_, fuzz, runs) => {
  const result = await fuzz({ runs });
  expect(result.runs).toBe(runs);
  // Some inputs must be read and some refused: otherwise the mutations are too weak or too strong.
  expect(result.read).toBeGreaterThan(0);
  expect(result.refused).toBeGreaterThan(runs / 4);
});
