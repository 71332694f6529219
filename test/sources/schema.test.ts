import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  expandSource,
  resolveSourcePaths,
  type SourceSpec,
  sourceSchema,
} from '../../src/sources/index.js';
import { withFolder } from './helpers.js';

const raw = { type: 'raw', path: 'ap.bin', dtype: 'int16', shape: [null, 385] };

describe('sourceSchema', () => {
  test.each<[string, unknown]>([
    ['raw', { ...raw, offset: 16, order: 'F', endian: 'big', columns: '0:384' }],
    ['npy', { type: 'npy', path: 'a.npy', columns: [3, -1] }],
    ['module', { type: 'module', path: 'a.mjs', options: { a: [1] } }],
    ['parts of parts', { type: 'concat', sources: [{ type: 'stack', sources: [raw] }] }],
    [
      'files',
      { type: 'stack', files: 'ch*.bin', each: { type: 'raw', dtype: 'int16', shape: [null] } },
    ],
  ])('accepts %s unchanged', (_, spec) => {
    expect(sourceSchema.parse(spec)).toEqual(spec);
  });

  test.each<[string, unknown, string]>([
    ['an unknown key', { ...raw, columms: ':' }, 'columms'],
    ['an unknown type', { ...raw, type: 'tiff' }, 'type'],
    ['an unknown dtype', { ...raw, dtype: 'float16' }, 'float64'],
    ['two nulls', { ...raw, shape: [null, null] }, 'at most one null'],
    ['an axis of 0', { ...raw, shape: [null, 0] }, 'shape'],
    ['no axes', { ...raw, shape: [] }, 'shape'],
    ['a negative offset', { ...raw, offset: -1 }, 'offset'],
    ['a slice that is none', { ...raw, columns: '1-3' }, "'0:384' or '::-1'"],
    ['no columns', { ...raw, columns: [] }, 'columns'],
    ['no parts', { type: 'concat', sources: [] }, 'sources'],
    ['parts of neither kind', { type: 'concat' }, "Expected either 'sources', or 'files'"],
    [
      'files without each',
      { type: 'stack', files: 'a.bin' },
      "Expected either 'sources', or 'files'",
    ],
    ['parts of both kinds', { type: 'stack', sources: [raw], files: 'a' }, 'Expected either'],
    ['a bad part', { type: 'stack', sources: [raw, { ...raw, shape: 3 }] }, 'shape'],
  ])('refuses %s', (_, spec, message) => {
    const result = sourceSchema.safeParse(spec);
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error?.issues)).toContain(message);
  });
});

test('relative paths are resolved against a folder', () => {
  const spec = sourceSchema.parse({
    type: 'concat',
    sources: [
      raw,
      { type: 'npy', path: '/data/a.npy' },
      { type: 'stack', files: '../ch*.bin', each: { type: 'npy' } },
    ],
  });
  expect(resolveSourcePaths(spec, '/data/m1')).toEqual({
    type: 'concat',
    sources: [
      { ...raw, path: '/data/m1/ap.bin' },
      { type: 'npy', path: '/data/a.npy' },
      { type: 'stack', files: ['/data/ch*.bin'], each: { type: 'npy' } },
    ],
  });
});

describe('expandSource', () => {
  const paths = (spec: SourceSpec): string[] => {
    const expanded = expandSource(spec);
    if (expanded.type !== 'concat' && expanded.type !== 'stack') return [];
    return (expanded.sources ?? []).map((part) => ('path' in part ? part.path : ''));
  };

  test('expands patterns in natural order, and keeps plain paths', async () => {
    await withFolder(async (folder) => {
      for (const name of ['ch10.bin', 'ch2.bin', 'ch1.bin', 'ch1xbin', '._ch3.bin', 'other.bin']) {
        await writeFile(join(folder, name), '');
      }
      const each = { type: 'raw', dtype: 'int16', shape: [null] } as const;
      const stack = (files: string | string[]): SourceSpec => ({
        type: 'stack',
        files: [files].flat().map((name) => join(folder, name)),
        each: { ...each, shape: [null] },
      });
      const inFolder = (...names: string[]) => names.map((name) => join(folder, name));
      expect(paths(stack('ch*.bin'))).toEqual(inFolder('ch1.bin', 'ch2.bin', 'ch10.bin'));
      expect(paths(stack('ch?.bin'))).toEqual(inFolder('ch1.bin', 'ch2.bin'));
      expect(paths(stack(['other.bin', 'ch1?bin']))).toEqual(
        inFolder('other.bin', 'ch1.bin', 'ch1xbin'),
      );
      expect(() => paths(stack('x*'))).toThrow(
        `Expected files that match ${folder}/x* but received none`,
      );
      expect(() => paths(stack('none/x*'))).toThrow(`Expected a folder at ${folder}/none but`);
    });
  });

  test('keeps listed sources', () => {
    const spec = sourceSchema.parse({ type: 'stack', sources: [raw] });
    expect(expandSource(expandSource(spec))).toEqual(spec);
  });
});
