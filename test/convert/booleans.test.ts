import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convert, type SourceSpec } from '../../src/index.js';
import { bytesOf, description, readBack, tempFolder, timeSeries } from '../support/recordings.js';

const npy = (name: string): SourceSpec => ({
  type: 'npy',
  path: new URL(`../fixtures/npy/${name}.npy`, import.meta.url).pathname,
});

const bools = npy('v1-bool');

test.each<[string, SourceSpec]>([
  ['a file', bools],
  ['one file after the other', { type: 'concat', sources: [bools, bools] }],
  [
    'one file a channel',
    {
      type: 'stack',
      sources: [0, 1].map((column) => ({ ...bools, columns: [column] }) as SourceSpec),
    },
  ],
])('Booleans of %s become 1 and 0, with a warning', async (_, source) => {
  const path = join(tempFolder(), 'a.nwb');
  const { warnings } = await convert(description(path, [timeSeries('s', { source })]), {
    workers: 1,
  });
  expect(warnings).toContain(
    '/acquisition/s/data: true and false of its source are stored as 1 and 0, of uint8',
  );
  const value = readBack(path, '/acquisition/s/data');
  expect(value.dtype).toBe('uint8');
  expect([...new Set(bytesOf(value))].sort()).toEqual([0, 1]);
});

test('Integers give no warning', async () => {
  const path = join(tempFolder(), 'a.nwb');
  const series = timeSeries('s', { source: npy('v1-int8') });
  const { warnings } = await convert(description(path, [series]), { workers: 1 });
  expect(warnings.filter((line) => line.includes('true'))).toEqual([]);
});
