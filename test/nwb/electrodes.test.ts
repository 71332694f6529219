import { describe, expect, it } from 'vitest';
import { example } from '../description/example.js';
import { at, attributesAt, grow, valueAt } from './grow.js';

const TABLE = '/general/extracellular_ephys/electrodes';
const growTable = (electrodes: unknown, electrodeColumns = {}) =>
  grow(example({ acquisition: [], electrodes, electrodeColumns }));

describe('the electrodes table', () => {
  it('has ids and the columns that the schema requires', () => {
    const tree = growTable([{}, { location: 'CA3', id: 7 }]);
    expect(attributesAt(tree, TABLE)).toEqual({
      namespace: 'core',
      neurodata_type: 'ElectrodesTable',
      colnames: ['location', 'group', 'group_name'],
      description: 'metadata about extracellular electrodes',
    });
    expect(at(tree, `${TABLE}/id`)).toMatchObject({
      value: { dtype: 'int32', data: Int32Array.of(0, 7) },
    });
    expect(attributesAt(tree, `${TABLE}/id`)).toEqual({
      namespace: 'hdmf-common',
      neurodata_type: 'ElementIdentifiers',
    });
    expect(valueAt(tree, `${TABLE}/location`)).toEqual(['CA1', 'CA3']);
    expect(valueAt(tree, `${TABLE}/group_name`)).toEqual(['shank0', 'shank0']);
    const group = '/general/extracellular_ephys/shank0';
    expect(at(tree, `${TABLE}/group`)).toMatchObject({
      value: { dtype: 'reference', shape: [2], data: [group, group] },
    });
  });

  it('has the standard columns in the order of the schema, then the custom ones', () => {
    const tree = growTable([{ quality: 1, rel_y: 2, x: 3 }], { quality: 'by eye' });
    expect(attributesAt(tree, TABLE)).toMatchObject({
      colnames: ['location', 'group', 'group_name', 'x', 'rel_y', 'quality'],
    });
    expect(attributesAt(tree, `${TABLE}/quality`)).toEqual({
      namespace: 'hdmf-common',
      neurodata_type: 'VectorData',
      description: 'by eye',
    });
    expect(attributesAt(tree, `${TABLE}/x`)).toMatchObject({
      description: expect.stringContaining('posterior'),
    });
  });

  it.each([
    ['whole numbers', [1, -2], 'int64', BigInt64Array.of(1n, -2n)],
    ['numbers', [1, 2.5], 'float64', Float64Array.of(1, 2.5)],
    ['numbers, one missing', [1, null], 'float64', Float64Array.of(1, Number.NaN)],
    ['true and false', [true, false], 'bool', Uint8Array.of(1, 0)],
    ['text, one missing', ['a', null], 'string', ['a', '']],
    ['zeros with a sign', [1, -0], 'float64', Float64Array.of(1, -0)],
    ['nothing', [null, null], 'string', ['', '']],
  ])('gives a column of %s its type', (_, cells, dtype, data) => {
    const tree = growTable({ count: 2, columns: { more: cells } });
    expect(at(tree, `${TABLE}/more`)).toMatchObject({ value: { dtype, shape: [2], data } });
  });

  it('gives a standard column the type that the schema asks for', () => {
    const tree = growTable({ count: 2, columns: { x: 1, reference: null } });
    expect(at(tree, `${TABLE}/x`)).toMatchObject({ value: { dtype: 'float64' } });
    expect(at(tree, `${TABLE}/reference`)).toMatchObject({ value: { data: ['', ''] } });
  });
});
