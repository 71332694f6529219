import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { commandLine } from '../src/cli/speech.js';
import { type CsvSpec, convert, OptionError, plan, type SourceSpec } from '../src/index.js';
import { speakTo } from '../src/surface.js';
import { description, rejection, tempFolder, timeSeries } from './support/recordings.js';

afterEach(() => speakTo());

test('messages name options as functions have them, or flags on the command line', async () => {
  const path = join(tempFolder(), 'a.nwb');
  writeFileSync(path, '');
  const message = async () => String(await rejection(convert(description(path, []))));
  expect(await message()).toBe(`OutputError: ${path} already exists; pass overwrite to replace it`);
  speakTo(commandLine);
  expect(await message()).toBe(
    `OutputError: ${path} already exists; pass --overwrite to replace it`,
  );
});

test('an amount of memory without its unit is refused in the words of the command line', async () => {
  speakTo(commandLine);
  const refused = await rejection(plan(description('a.nwb', []), { memory: '8' }));
  expect((refused as Error).message).toBe(
    "Expected an amount with its unit, such as '2GiB' or '500MB', for --memory but received '8' (8 bytes? Write 8GiB)",
  );
});

test('names that are no flags stay as they are', () => {
  speakTo(commandLine);
  const about = (name: string) => new OptionError({ name, expected: 'x', received: 'y' }).message;
  expect(['workers', 'keepPartial', 'baseDir', 'the path'].map(about)).toEqual(
    ['--workers', '--no-keep-partial', 'baseDir', 'the path'].map(
      (name) => `Expected x for ${name} but received y`,
    ),
  );
});

test('an error that planning finds has its place in the description', async () => {
  const folder = tempFolder();
  const source: SourceSpec = { type: 'raw', path: 'none.bin', dtype: 'int16', shape: [null, 2] };
  const what = description(join(folder, 'a.nwb'), [
    timeSeries('x', { source: { type: 'concat', sources: [source] } }),
  ]);
  const error = await rejection(plan(what, { baseDir: folder }));
  expect(error).toMatchObject({
    tag: 'SourceError',
    place: 'acquisition[0].data.source.sources[0].path',
  });
});

test.each<[what: string, source: Partial<CsvSpec>, key: string]>([
  ['a column that does not exist', { columns: ['x', 'z'] }, '.columns'],
  ['a column by a number that is too high', { column: 2 }, '.column'],
  ['a delimiter that the file does not have', { delimiter: ';' }, '.delimiter'],
  ['a missing file', { path: 'none.csv' }, '.path'],
  ['several columns to scale', {}, ''],
])('errors of scaled columns of a CSV file have their place: %s', async (_, csv, key) => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'a.csv'), 'x,y\n1,2\n');
  const source: SourceSpec = { type: 'csv', path: 'a.csv', ...csv };
  const series = timeSeries('x', [1], { timestamps: { source, scale: '1/30000' } });
  const error = await rejection(plan(description('a.nwb', [series]), { baseDir: folder }));
  expect(error).toMatchObject({
    tag: 'SourceError',
    place: `acquisition[0].timestamps.source${key}`,
  });
});

test('parts of scaled timestamps have their place as it is written', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'a.csv'), 'x,y\n1,2\n');
  const source: SourceSpec = {
    ...{ type: 'concat', files: '*.csv' },
    each: { type: 'csv', column: 'z' },
  };
  const series = timeSeries('x', [1], { timestamps: { source, scale: 1e-6 } });
  const error = await rejection(plan(description('a.nwb', [series]), { baseDir: folder }));
  expect(error).toMatchObject({ place: 'acquisition[0].timestamps.source.each.column' });
});

test.each([
  [{ files: 'ch*.bin' }, 'files'],
  [{ files: ['a.bin'] }, 'files'],
])('the parts that %j stands for have one place', async (files, key) => {
  const folder = tempFolder();
  const source: SourceSpec = {
    ...{ type: 'stack', ...files },
    each: { type: 'raw', dtype: 'int16', shape: [null] },
  };
  const what = description(join(folder, 'a.nwb'), [timeSeries('x', { source })]);
  const error = await rejection(plan(what, { baseDir: folder }));
  expect(error).toMatchObject({ place: `acquisition[0].data.source.${key}` });
});
