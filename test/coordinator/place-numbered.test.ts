import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeNumbered } from '../../src/coordinator/place-numbered.js';
import { asPlacements, File, FileSpace } from '../../src/hdf5/index.js';
import { cellCount, cells, clippedCount, type Grid, product } from '../../src/layout/index.js';
import { numRuns } from '../support/effort.js';
import { tempFolder } from '../support/recordings.js';

interface Case {
  readonly grid: Grid;
  readonly libver: 'earliest' | 'v110';
  /** Percentage of the chunks that are stored. */
  readonly share: number;
  readonly seed: number;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    axes: fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 })), {
      minLength: 1,
      maxLength: 3,
    }),
    libver: fc.constantFrom('earliest' as const, 'v110' as const),
    share: fc.constantFrom(0, 1, 5, 30, 90, 100),
    seed: fc.nat(1000),
  })
  .map(({ axes, ...rest }) => ({
    grid: {
      // Three axes of 40 would have too many chunks for a test.
      extent: axes.map(([length]) => (axes.length > 2 ? Math.min(length, 12) : length)),
      cell: axes.map(([, length]) => length),
    },
    ...rest,
  }));

/** The bytes of a chunk whose items are all its number plus 1. */
const bytesOfChunk = (grid: Grid, number: number) =>
  Buffer.from(new Int32Array(product(grid.cell)).fill(number + 1).buffer);

/** Writes some chunks of a new dataset past libhdf5, places them, and reads all chunks through libhdf5. */
function placed({ grid, libver, share, seed }: Case, path: string): void {
  const numbers = Array.from({ length: cellCount(grid) }, (_, number) => number).filter(
    (number) => (number * 7919 + seed * 104_729) % 100 < share,
  );
  {
    using file = new File(path, 'w', { libver });
    using dataset = file.createDataset('x', {
      dtype: 'int32',
      shape: grid.extent,
      maxshape: grid.extent.map(() => null),
      chunks: grid.cell,
    });
    using space = new FileSpace(file.token);
    const placements = numbers.flatMap((number) => {
      const bytes = bytesOfChunk(grid, number);
      const address = space.reserve(bytes.length);
      space.write(bytes, address);
      return [address, bytes.length, 0];
    });
    placeNumbered(dataset, grid, {
      numbers: Float64Array.from(numbers),
      placements: asPlacements(Float64Array.from(placements)),
    });
  }
  using file = new File(path, 'r');
  using dataset = file.dataset('x');
  const there = new Set(numbers);
  for (const [number, { start }] of [...cells(grid)].entries()) {
    const count = clippedCount(start, grid.cell, grid.extent);
    const values = dataset.read({ start, count }).data as Int32Array;
    expect(new Set(values)).toEqual(new Set([there.has(number) ? number + 1 : 0]));
  }
}

test('chunks of any grid, many or few, lie where their numbers say', () => {
  const path = join(tempFolder(), 'a.h5');
  fc.assert(
    fc.property(cases, (one) => placed(one, path)),
    { numRuns: numRuns(60) },
  );
});

test.each([
  ['rows of more chunks than one call places', { extent: [3, 5000], cell: [1, 1] }, 100],
  ['long rows of few chunks', { extent: [3, 5000], cell: [1, 1] }, 1],
  ['more rows than one call places', { extent: [9000, 2], cell: [1, 2] }, 100],
])('%s are placed', (_, grid, share) => {
  placed({ grid, libver: 'earliest', share, seed: 1 }, join(tempFolder(), 'a.h5'));
});
