import fc from 'fast-check';

/** A small extent of rank 1 to 4, and a cell shape that may exceed it. */
export const gridArbitrary = fc
  .array(fc.record({ length: fc.nat(13), cell: fc.integer({ min: 1, max: 15 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((axes) => ({
    extent: axes.map(({ length }) => length),
    cell: axes.map(({ cell }) => cell),
  }));

/** A grid and a slab within its extent. */
export const gridAndSlabArbitrary = gridArbitrary.chain((grid) =>
  fc
    .tuple(
      ...grid.extent.map((length) =>
        fc.tuple(fc.nat(length), fc.nat(length)).map(([a, b]) => [Math.min(a, b), Math.abs(a - b)]),
      ),
    )
    .map((axes) => ({
      grid,
      slab: { start: axes.map(([start]) => start), count: axes.map(([, count]) => count) },
    })),
);
