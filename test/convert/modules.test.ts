import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import {
  convert,
  type Description,
  fill,
  plan,
  recover,
  resume,
  type SourceSpec,
  verify,
} from '../../src/index.js';
import {
  description,
  listing,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeModule,
  writeRaw,
} from '../support/recordings.js';

const DATA = '/acquisition/x/data';

/** A folder with a module that writes a file when its code runs, and fails at row 600 until it is repaired. */
function withModule(name = 'm.mjs') {
  const folder = tempFolder();
  const mark = join(folder, 'ran');
  const repaired = join(folder, 'repaired');
  const source = writeModule(
    folder,
    name,
    `
    import { existsSync, writeFileSync } from 'node:fs';
    writeFileSync(${JSON.stringify(mark)}, '');
    export function open() {
      return {
        dtype: 'int16',
        shape: [1000, 1],
        read([from], [rows]) {
          if (from + rows > 600 && !existsSync(${JSON.stringify(repaired)})) throw new Error('not yet');
          return new Int16Array(rows).fill(7);
        },
      };
    }`,
  );
  return { folder, mark, repaired, source };
}

/** Sources that contain a module, by the path of the module in the source. */
const NESTINGS: Readonly<Record<string, (module: SourceSpec, raw: SourceSpec) => SourceSpec>> = {
  '': (module) => module,
  '.sources[1]': (module, raw) => ({ type: 'concat', sources: [raw, module] }),
  '.sources[0].sources[1]': (module, raw) => ({
    type: 'stack',
    sources: [{ type: 'concat', sources: [raw, module] }, raw],
  }),
};

function whatOf(folder: string, source: SourceSpec): Description {
  return description(join(folder, 'a.nwb'), [timeSeries('x', { source, chunks: [100, 1] })]);
}

/** All commands that take a description or data, with their file. */
const COMMANDS: Readonly<
  Record<string, (what: Description, source: SourceSpec, modules: boolean) => Promise<unknown>>
> = {
  convert: (what, _, modules) => convert(what, { modules }),
  'convert that resumes': (what, _, modules) => convert(what, { modules, resume: true }),
  plan: (what, _, modules) => plan(what, { modules }),
  verify: (what, _, modules) => verify(String(what.path), what, { modules }),
  fill: (what, source, modules) => fill(String(what.path), { [DATA]: source }, { modules }),
};

describe.each(Object.keys(COMMANDS))('%s without modules', (command) => {
  test.each(Object.keys(NESTINGS))('runs no module at source%s', async (at) => {
    const { folder, mark, source: module } = withModule();
    const raw = writeRaw(folder, 'raw.bin', waves([200, 1]));
    const source = NESTINGS[at](module, raw);
    const what = whatOf(folder, source);
    if (command === 'fill') {
      using file = new File(String(what.path), 'w');
      for (const group of ['/acquisition', '/acquisition/x']) file.createGroup(group).close();
      file.createDataset(DATA, { dtype: 'int16', shape: [1000, 1], chunks: [100, 1] }).close();
    }
    const before = listing(folder);
    const where = command === 'fill' ? `datasets.${DATA}` : 'acquisition[0].data.source';
    expect(await rejection(COMMANDS[command](what, source, false))).toMatchObject({
      tag: 'DescriptionError',
      message: `Expected a source that runs no code (the option modules is false) for ${where}${at} but received the module ${module.path}`,
    });
    expect(listing(folder)).toEqual(before);
    // The file shows that the code would have run.
    await rejection(COMMANDS[command](what, source, true));
    expect(existsSync(mark)).toBe(true);
  });

  test('accepts all other sources', async () => {
    const folder = tempFolder();
    const source = writeRaw(folder, 'raw.bin', waves([200, 1]));
    const what = whatOf(folder, { type: 'concat', sources: [source, source] });
    if (command === 'verify' || command === 'fill') await convert(what);
    await COMMANDS[command](what, { type: 'concat', sources: [source, source] }, false);
  });
});

describe.each([
  ['resume', resume],
  ['recover', recover],
] as const)('%s without modules', (_, goOn) => {
  test('runs no module of a journal, and resumes if modules are allowed', async () => {
    const { folder, mark, repaired, source } = withModule();
    const raw = writeRaw(folder, 'raw.bin', waves([200, 1]));
    const what = whatOf(folder, { type: 'concat', sources: [raw, source] });
    await rejection(convert(what, { workers: 1 }));
    rmSync(mark);
    writeFileSync(repaired, '');
    const path = String(what.path);
    const kept = () => readFileSync(`${path}.partial`);
    const [before, partial] = [listing(folder), kept()];
    expect(before).toContain('a.nwb.journal');
    expect(await rejection(goOn(path, { modules: false }))).toMatchObject({
      tag: 'SourceError',
      message: `Expected a source that runs no code (the option modules is false) for ${DATA} in ${path}.journal but received the module ${source.path}`,
    });
    expect(listing(folder)).toEqual(before);
    expect(kept().equals(partial)).toBe(true);
    await goOn(path);
    expect(existsSync(mark)).toBe(true);
    expect(await verify(path, what)).toMatchObject({ equal: true });
  });
});

test('recover completes a file without the modules that it does not need', async () => {
  const { folder, mark, source } = withModule();
  const path = join(folder, 'a.nwb');
  await rejection(convert(whatOf(folder, source), { workers: 1 }));
  rmSync(mark);
  await recover(path, { modules: false, incomplete: true });
  expect(listing(folder)).toEqual(['a.nwb', 'm.mjs']);
});

describe('the folder that modules are given', () => {
  const text = (folder: string) => `
    import { existsSync, readFileSync } from 'node:fs';
    import { resolve } from 'node:path';
    export function open({ file }, { baseDir }) {
      const bytes = readFileSync(resolve(baseDir, file));
      const items = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
      return {
        dtype: 'int16',
        shape: [items.length],
        read([from], [rows]) {
          if (from + rows > 600 && !existsSync(${JSON.stringify(join(folder, 'repaired'))}))
            throw new Error('not yet');
          return items.slice(from, from + rows);
        },
      };
    }`;

  test('is the one of the manifest, in conversions, resumed ones, plans, verification and fill', async () => {
    const folder = tempFolder();
    writeRaw(folder, 'a.bin', waves([1000]));
    writeModule(folder, 'm.mjs', text(folder));
    const source: SourceSpec = { type: 'module', path: 'm.mjs', options: { file: 'a.bin' } };
    const what = description('a.nwb', [timeSeries('x', { source, chunks: [100] })]);
    const options = { baseDir: folder, workers: 1 };
    await rejection(convert(what, options));
    writeFileSync(join(folder, 'repaired'), '');
    expect((await plan(what, options)).datasets[0].shape).toEqual([1000]);
    const path = join(folder, 'a.nwb');
    // Only the journal names the folder: this process works in another one.
    expect((await resume(path, { workers: 1 })).chunksRestored).toBeGreaterThan(0);
    expect((await verify(path, what, options)).equal).toBe(true);
    await fill('a.nwb', { [DATA]: source }, options);
    expect((await verify(path, what, options)).equal).toBe(true);
  });

  test('may be named in the source, relative to the manifest', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'raw'));
    writeRaw(join(folder, 'raw'), 'a.bin', waves([50]));
    writeModule(folder, 'm.mjs', text(folder));
    const source: SourceSpec = {
      ...{ type: 'module', path: 'm.mjs', options: { file: 'a.bin' } },
      baseDir: 'raw',
    };
    const what = description('a.nwb', [timeSeries('x', { source })]);
    expect((await plan(what, { baseDir: folder })).datasets[0].shape).toEqual([50]);
  });
});
