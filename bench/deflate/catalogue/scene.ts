import type { Random } from './random.js';

/** Pixels along each side of a frame. */
export const SIDE = 512;

/** A sum of waves in random directions, scaled to values from 0 to 1. Its shapes have about `size` pixels. */
export function smooth(random: Random, size: number): Float32Array {
  const picture = new Float32Array(SIDE * SIDE);
  for (let wave = 0; wave < 60; wave++) {
    const [down, right] = [random.normal(), random.normal()].map(
      (turns) => (Math.SQRT2 * Math.PI * turns) / size,
    );
    const phase = random.between(0, 2 * Math.PI);
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++)
        picture[y * SIDE + x] += Math.cos(phase + down * y + right * x);
  }
  const { least, greatest } = picture.reduce(
    ({ least, greatest }, value) => ({
      least: Math.min(least, value),
      greatest: Math.max(greatest, value),
    }),
    { least: Infinity, greatest: -Infinity },
  );
  return picture.map((value) => (value - least) / (greatest - least));
}

/** Adds a round spot, cut off at three radii and at the edges of the frame. */
export function addSpot(
  scene: Float32Array,
  row: number,
  column: number,
  radius: number,
  height: number,
): void {
  const reach = 3 * radius;
  const [top, left] = [row, column].map((centre) => Math.max(0, Math.ceil(centre - reach)));
  const [bottom, right] = [row, column].map((centre) =>
    Math.min(SIDE - 1, Math.floor(centre + reach)),
  );
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++)
      scene[y * SIDE + x] +=
        height * Math.exp(-((y - row) ** 2 + (x - column) ** 2) / (2 * radius ** 2));
}
