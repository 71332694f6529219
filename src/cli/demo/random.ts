/**
 * Uniform random numbers in [0, 1), identical on every machine for one seed (mulberry32 by Tommy
 * Ettinger, public domain).
 */
export function uniform(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A table of 2^16 whole numbers; uniform draws from it are normally distributed around 0.
 *
 * @param sigma standard deviation; at most 25, so that every number fits into int8
 */
export function normalTable(sigma: number): Int8Array {
  const table = new Int8Array(2 ** 16);
  const sigmas = 5;
  // Inverts the distribution: one table entry for each 2^-16 of the area under the density.
  const step = 1 / 512;
  let at = 0;
  let area = 0;
  for (let z = -sigmas; z < sigmas && at < table.length; z += step) {
    area += (step * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
    const end = Math.min(table.length, Math.round(area * table.length));
    table.fill(Math.round(z * sigma), at, end);
    at = Math.max(at, end);
  }
  return table.fill(Math.round(sigmas * sigma), at);
}
