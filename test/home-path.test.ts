import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { outputDescription } from '../src/cli/output-description.js';
import { convert, DescriptionError, fill, plan, type SourceSpec } from '../src/index.js';
import {
  description,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeRaw,
} from './support/recordings.js';

let home: string;

beforeEach(() => {
  home = tempFolder();
  vi.stubEnv('HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A source that is named relative to the home folder. */
function recording(): SourceSpec {
  mkdirSync(join(home, 'data'));
  return { ...writeRaw(join(home, 'data'), 'a.bin', waves([100])), path: '~/data/a.bin' };
}

test('~/ is the home folder, for the output and for sources', async () => {
  const source = recording();
  const { shape: _, path: __, ...each } = source as Extract<SourceSpec, { type: 'raw' }>;
  const files: SourceSpec = {
    ...{ type: 'concat', files: '~/data/*.bin' },
    each: { ...each, shape: [null] },
  };
  const series = [timeSeries('x', { source }), timeSeries('y', { source: files })];
  const { path } = await convert(description('~/a.nwb', series), { workers: 1, baseDir: '/' });
  expect(path).toBe(join(home, 'a.nwb'));
  expect(existsSync(path)).toBe(true);
  const filled = await fill('~/a.nwb', { '/acquisition/x/data': source }, { workers: 1 });
  expect(filled.path).toBe(path);
});

const line = () => undefined;

test('~ behind --output= is the home folder, too', () => {
  const manifest = { path: 'm.yaml', baseDir: '/', description: description('a.nwb', []), line };
  const pathOf = (output: string) => outputDescription(manifest, { output }).path;
  expect(pathOf('~/b.nwb')).toBe(join(home, 'b.nwb'));
  expect(pathOf('./~/b.nwb')).toBe(join(process.cwd(), '~/b.nwb'));
  expect(() => pathOf('~maria/b.nwb')).toThrow(
    "Expected a path such as '~/data' (or './~data' for a name that begins with ~) for --output but received '~maria/b.nwb'",
  );
});

test('the home folder of another user is refused', async () => {
  const source = { ...recording(), path: '~maria/a.bin' } as SourceSpec;
  const what = description('~maria/a.nwb', [timeSeries('x', { source })]);
  const error = await rejection(plan(what));
  expect(error).toBeInstanceOf(DescriptionError);
  const expected = "Expected a path such as '~/data' (or './~data' for a name that begins with ~)";
  expect((error as Error).message.split('\n')).toEqual([
    `${expected} for path but received '~maria/a.nwb'`,
    `${expected} for acquisition[0].data.source.path but received '~maria/a.bin'`,
  ]);
});
