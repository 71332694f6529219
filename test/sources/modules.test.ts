import { expect, test } from 'vitest';
import { modulesOf, type SourceSpec } from '../../src/sources/index.js';

test('modules are found wherever a source can name one, even if the schema would refuse it', () => {
  const module = (path: string) => ({ type: 'module', path }) as const;
  const raw: SourceSpec = { type: 'raw', path: 'a', dtype: 'int8', shape: [1] };
  const forged = { type: 'concat', files: ['c'], each: { type: 'module' } } as unknown;
  const source: SourceSpec = {
    type: 'stack',
    sources: [
      raw,
      module('a'),
      { type: 'concat', sources: [module('b'), raw] },
      forged as SourceSpec,
    ],
  };
  expect(modulesOf(raw)).toEqual([]);
  expect(modulesOf(module('a'))).toEqual([{ path: 'a', keys: [] }]);
  expect(modulesOf(source).map(({ keys }) => keys.join('.'))).toEqual([
    'sources.1',
    'sources.2.sources.0',
    'sources.3.each',
  ]);
});
