import { describe, expect, test } from 'vitest';
import { checkFill, DescriptionError } from '../../src/description/index.js';
import type { SourceSpec } from '../../src/sources/index.js';
import { ndarray } from '../../src/streams/index.js';
import { OwnIterator } from './iterators.js';

const source: SourceSpec = { type: 'raw', path: 'ap.bin', dtype: 'int16', shape: [null, 4] };
const check = (datasets: unknown) => checkFill({ path: 'a.nwb', datasets });

/** The lines of the error's message. */
function complaints(input: unknown): readonly string[] {
  try {
    checkFill(input);
  } catch (error) {
    if (error instanceof DescriptionError)
      return error.fields.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}

describe('checkFill', () => {
  test('accepts sources, arrays and iterators unchanged', () => {
    const array = ndarray(new Int16Array(6), [2, 3]);
    const iterator = new OwnIterator();
    const { path, datasets } = check({ '/a': source, '/b': array, '/c/d': iterator });
    expect(path).toBe('a.nwb');
    expect(datasets['/a']).toEqual(source);
    expect(datasets['/b']).toBe(array);
    expect(datasets['/c/d']).toBe(iterator);
  });

  test('gives a typed array its shape', () => {
    const data = new Float32Array(5);
    expect(check({ '/a': data }).datasets['/a']).toEqual({ data, shape: [5] });
  });

  const kinds = "'raw', 'npy', 'csv', 'concat', 'stack' or 'module'";

  test.each([
    [
      { '/a': { ...source, type: 'rw' } },
      `Expected ${kinds} for datasets./a.type but received 'rw'`,
    ],
    [{ '/a': { source } }, `Expected ${kinds} for datasets./a.type but received nothing`],
    [
      { '/a': { ...source, dtyp: 'int8' } },
      "Unknown key 'dtyp' in datasets./a: did you mean 'dtype'?",
    ],
    [{ '/a': 5 }, 'Expected a mapping for datasets./a but received 5'],
    [{ '/a': [1, 2] }, 'Expected a mapping for datasets./a but received a list of 2'],
    [
      { '/a': null },
      'Expected a mapping for datasets./a but received null (a key without a value)',
    ],
    [
      { '/a': { data: new Int16Array(4), shape: [2, 3] } },
      'Expected 6 items, of shape [2, 3], for datasets./a but received 4',
    ],
    [
      { 'a/b': source },
      "Expected an absolute path such as '/acquisition/ap/data' for datasets.a/b but received 'a/b'",
    ],
    [{}, 'Expected at least one dataset for datasets but received none'],
    [[source], 'Expected a mapping for datasets but received a list of 1'],
    [undefined, 'Expected a mapping for datasets but received nothing'],
  ])('refuses %j', (datasets, message) => {
    expect(complaints({ path: 'a.nwb', datasets })).toEqual([message]);
  });

  test('reports every problem', () => {
    const datasets = { a: source, '/b': { ...source, shape: [0] }, '/c': 'ap.bin' };
    const found = complaints({ path: ' ', datasets, dataset: {} });
    for (const part of ['for path but', 'datasets./b.shape[0]', 'datasets./c', "key 'dataset'"])
      expect(found.filter((message) => message.includes(part))).toHaveLength(1);
  });
});
