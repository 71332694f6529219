import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cellAt,
  cellCount,
  cellCountWithin,
  cellIndexOf,
  cells,
  cellsPerAxis,
  cellsWithin,
  intersect,
  LayoutError,
  makeGrid,
  slabSize,
} from '../../src/layout/index.js';
import { gridAndSlabArbitrary, gridArbitrary } from './arbitraries.js';

describe('grids', () => {
  test('the last cell of an axis is clipped', () => {
    const grid = { extent: [10, 20], cell: [4, 8] };
    expect(cellsPerAxis(grid)).toEqual([3, 3]);
    expect(cellCount(grid)).toBe(9);
    expect(cellAt(grid, 1)).toEqual({ start: [0, 8], count: [4, 8] });
    expect(cellAt(grid, 8)).toEqual({ start: [8, 16], count: [2, 4] });
  });

  test('an axis of length 0 leaves no cells', () => {
    const grid = { extent: [0, 384], cell: [100, 64] };
    expect(cellCount(grid)).toBe(0);
    expect([...cells(grid)]).toEqual([]);
    expect(() => cellAt(grid, 0)).toThrow(RangeError);
  });

  test('the number of cells may exceed 32 bits', () => {
    const grid = { extent: [10 ** 10, 3], cell: [1, 1] };
    expect(cellCount(grid)).toBe(3 * 10 ** 10);
    expect(cellAt(grid, 3 * 10 ** 10 - 1)).toEqual({ start: [10 ** 10 - 1, 2], count: [1, 1] });
  });

  test('cells, cellAt and cellCount agree, and cells tile the extent', () => {
    fc.assert(
      fc.property(gridArbitrary, (grid) => {
        const all = [...cells(grid)];
        expect(all).toHaveLength(cellCount(grid));
        const elements = grid.extent.reduce((a, b) => a * b, 1);
        expect(all.reduce((sum, cell) => sum + slabSize(cell), 0)).toBe(elements);
        all.forEach((cell, index) => {
          expect(cellAt(grid, index)).toEqual(cell);
          expect(cellIndexOf(grid, cell.start)).toBe(index);
          const last = cell.start.map((start, axis) => start + cell.count[axis] - 1);
          expect(cellIndexOf(grid, last)).toBe(index);
        });
      }),
    );
  });

  test('cellsWithin returns the cells that overlap a slab, in C order', () => {
    fc.assert(
      fc.property(gridAndSlabArbitrary, ({ grid, slab }) => {
        const touching = [...cells(grid)].filter((cell) => intersect(cell, slab));
        expect([...cellsWithin(grid, slab)]).toEqual(touching);
        expect(cellCountWithin(grid, slab)).toBe(touching.length);
      }),
    );
  });

  test('a slab may reach beyond the extent', () => {
    const grid = { extent: [5], cell: [2] };
    expect([...cellsWithin(grid, { start: [3], count: [100] })].map((c) => c.start)).toEqual([
      [2],
      [4],
    ]);
    expect(cellCountWithin(grid, { start: [6], count: [4] })).toBe(0);
  });

  test('invalid grids are refused', () => {
    const refuse = (extent: number[], cell: number[], message: string) => {
      expect(() => makeGrid(extent, cell, 'acquisition/x')).toThrow(LayoutError);
      expect(() => makeGrid(extent, cell, 'acquisition/x')).toThrow(message);
    };
    refuse([5, 5], [1], 'Expected cells of rank 2 for acquisition/x but received [1], of rank 1');
    refuse(
      [5],
      [0],
      'Expected cells of whole numbers of at least 1 for acquisition/x but received [0]',
    );
    refuse([-1], [1], 'Expected an extent of whole numbers of at least 0 for acquisition/x');
    refuse([1.5], [1], 'received [1.5]');
    expect(makeGrid([5], [2], 'x')).toEqual({ extent: [5], cell: [2] });
  });

  test('indexes and positions outside the grid are refused', () => {
    const grid = { extent: [5], cell: [2] };
    for (const index of [-1, 3, 0.5, Number.NaN]) {
      expect(() => cellAt(grid, index)).toThrow('Expected an index from 0 to 2');
    }
    expect(() => cellIndexOf(grid, [5])).toThrow(RangeError);
  });
});
