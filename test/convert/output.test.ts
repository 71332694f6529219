import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import {
  convert,
  type Description,
  Hdf5Error,
  OutputError,
  resume,
  verify,
} from '../../src/index.js';
import { BUILT, startChild } from '../support/child.js';
import { WORKERS } from '../support/effort.js';
import { interrupt } from '../support/interrupted.js';
import {
  description,
  listing,
  moduleText,
  noise,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeModule,
  writeRaw,
} from '../support/recordings.js';

function recording(name = 'a.nwb') {
  const folder = tempFolder();
  const source = writeRaw(folder, 'a.bin', waves([1000, 4]));
  const path = join(folder, name);
  const what = description(path, [timeSeries('x', { source, chunks: [50, 4] })]);
  return { folder, path, source, what };
}

describe('the path of the output', () => {
  test.each([
    'with spaces.nwb',
    'Aufnahme 10 µV – 録音 🧠.nwb',
    'it\'s $HOME %20 "a".nwb',
    '-v.nwb',
  ])('may be %s', async (name) => {
    const { folder, path, what } = recording(name);
    const report = await convert(what, { workers: 1 });
    expect(report.path).toBe(path);
    expect(listing(folder)).toEqual([name, 'a.bin'].sort());
    expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
  });

  test('is relative to baseDir, as the paths of sources are', async () => {
    const { folder, path, what, source } = recording();
    const relative = description('a.nwb', [
      timeSeries('x', { source: { ...source, path: 'a.bin' }, chunks: [50, 4] }),
    ]);
    const report = await convert(relative, { workers: 1, baseDir: folder });
    expect(report.path).toBe(path);
    expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
  });

  test('may not be a folder', async () => {
    const { path, what } = recording();
    mkdirSync(path);
    for (const overwrite of [false, true]) {
      const error = await rejection(convert(what, { overwrite }));
      expect(error).toBeInstanceOf(OutputError);
      expect(error).toMatchObject({ fields: { path, problem: `${path} is a folder` } });
      expect(listing(path)).toEqual([]);
    }
  });

  test('needs a folder that exists', async () => {
    const { folder, what } = recording('no/such/a.nwb');
    const before = listing(folder);
    const error = await rejection(convert(what));
    expect(error).toBeInstanceOf(OutputError);
    expect((error as Error).message).toMatch(
      /a\.nwb can't be written: folder .*such doesn't exist/,
    );
    expect(listing(folder)).toEqual(before);
  });

  test('needs a folder that is not a file', async () => {
    const { what } = recording('a.bin/a.nwb');
    const error = await rejection(convert(what));
    expect(error).toBeInstanceOf(OutputError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/a\.bin is not a folder; choose another path$/),
    });
  });

  // root may write into every folder.
  test.skipIf(process.getuid?.() === 0)('needs a folder that can be written', async () => {
    const { folder, what } = recording();
    chmodSync(folder, 0o555);
    const error = await rejection(convert(what)).finally(() => chmodSync(folder, 0o755));
    expect(error).toBeInstanceOf(OutputError);
    expect(error).toMatchObject({ received: 'one that is not' });
  });
});

describe('a path that is a link', () => {
  test('is followed, and the file is written there, whether or not it exists', async () => {
    for (const isThere of [true, false]) {
      const { folder, path, what } = recording();
      const target = join(folder, 'large disk', 'b.nwb');
      mkdirSync(join(folder, 'large disk'));
      if (isThere) writeFileSync(target, 'old');
      symlinkSync(join('large disk', 'b.nwb'), path);
      const during = new Set<string>();
      const onProgress = () => {
        for (const one of listing(join(folder, 'large disk'))) during.add(one);
      };
      const report = await convert(what, { workers: 1, overwrite: isThere, onProgress });
      expect(report.path).toBe(target);
      expect(during).toContain('b.nwb.partial');
      expect(listing(folder)).toEqual(['a.bin', 'a.nwb', 'large disk']);
      expect(readlinkSync(path)).toBe(join('large disk', 'b.nwb'));
      expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
    }
  });

  test('is also followed to an interrupted conversion', async () => {
    const { folder, path, what } = recording();
    symlinkSync('b.nwb', path);
    const left = await interrupt(what, 2);
    expect(listing(folder)).toEqual(['a.bin', 'a.nwb', 'b.nwb.journal', 'b.nwb.partial']);
    expect((await resume(left.path, { workers: 1 })).path).toBe(join(folder, 'b.nwb'));
    expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
  });

  test('does not allow a file to be replaced without overwrite', async () => {
    const { folder, path, what } = recording();
    const target = join(folder, 'b.nwb');
    writeFileSync(target, 'precious');
    symlinkSync(target, path);
    expect(await rejection(convert(what))).toMatchObject({
      tag: 'OutputError',
      fields: { path: target },
    });
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });

  test('that leads in circles is refused', async () => {
    const { path, what } = recording();
    symlinkSync(path, path);
    expect(await rejection(convert(what, { overwrite: true }))).toMatchObject({
      tag: 'OutputError',
      fields: { path, problem: `the symbolic links at ${path} form a loop` },
    });
  });
});

/** Things that are not regular files, and functions that make them at a path and return a clean-up. */
const SPECIAL: readonly [string, (path: string) => () => void][] = [
  [
    'a FIFO',
    (path) => {
      execFileSync('mkfifo', [path]);
      return () => {};
    },
  ],
  [
    'a socket',
    (path) => {
      const server = createServer().listen(path);
      return () => server.close();
    },
  ],
];

describe('an output that is not a regular file', () => {
  test.each(SPECIAL)('is never replaced: %s', async (kind, make) => {
    for (const name of ['', '.partial', '.journal']) {
      const { folder, path, what } = recording();
      const close = make(`${path}${name}`);
      await new Promise((done) => setImmediate(done));
      const before = lstatSync(`${path}${name}`, { bigint: true });
      for (const options of [{ overwrite: true }, { resume: true }, {}]) {
        const error = await rejection(convert(what, { ...options, workers: 1 }));
        expect(error).toMatchObject({
          tag: 'OutputError',
          fields: { path: `${path}${name}`, problem: `${path}${name} is ${kind}` },
        });
      }
      expect(lstatSync(`${path}${name}`, { bigint: true })).toEqual(before);
      expect(listing(folder)).toEqual(['a.bin', `a.nwb${name}`]);
      close();
    }
  });

  test('is not written through a link in place of the partial file or the journal', async () => {
    for (const name of ['.partial', '.journal'])
      for (const text of ['', '\0'.repeat(100), 'thesis', undefined]) {
        const { folder, path, what } = recording();
        const target = join(tempFolder(), 'theirs');
        if (text !== undefined) writeFileSync(target, text);
        symlinkSync(target, `${path}${name}`);
        for (const options of [{}, { overwrite: true }, { resume: true }])
          expect(await rejection(convert(what, { ...options, workers: 1 }))).toMatchObject({
            tag: 'OutputError',
            fields: { problem: `${path}${name} is a symbolic link` },
          });
        expect(await rejection(resume(path))).toMatchObject({ tag: 'OutputError' });
        expect(listing(folder)).toEqual(['a.bin', `a.nwb${name}`]);
        expect(existsSync(target)).toBe(text !== undefined);
        if (text !== undefined) expect(readFileSync(target, 'utf8')).toBe(text);
      }
  });

  // Only root can make a file of another user.
  test.skipIf(process.getuid?.() !== 0)(
    'a file of another user in a shared folder is not used',
    async () => {
      for (const name of ['.partial', '.journal', '']) {
        const { folder, path, what } = recording();
        const named = `${path}${name}`;
        if (name === '') symlinkSync(join(folder, 'b.nwb'), named);
        else writeFileSync(named, '');
        lchownSync(named, 12_345, 12_345);
        const run = () => convert(what, { workers: 1, overwrite: true });
        chmodSync(folder, 0o1777);
        const error = await rejection(run());
        expect(error).toMatchObject({ tag: 'OutputError', fields: { path: named } });
        expect((error as Error).message).toMatch(
          / of user 12345 in a folder that everyone can write to; /,
        );
        // In the user's own folder, only permitted users can have put it there.
        chmodSync(folder, 0o775);
        await run();
        expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
      }
    },
  );

  test('keeps its contents if it is a second name of a partial file', async () => {
    const { path, what } = recording();
    writeFileSync(`${path}.partial`, 'theirs');
    linkSync(`${path}.partial`, `${path}.other`);
    const error = await rejection(convert(what, { workers: 1, overwrite: true }));
    expect(error).toMatchObject({ tag: 'OutputError', fields: { path: `${path}.partial` } });
    expect(readFileSync(`${path}.other`, 'utf8')).toBe('theirs');
  });
});

describe('a partial file that is replaced while it is written', () => {
  test.each([
    ['another file', 'was replaced by another file'],
    ['none', 'was removed or renamed'],
  ])('by %s is not published', async (by, problem) => {
    const { folder, path, what } = recording();
    let hasReplaced = false;
    const onProgress = () => {
      if (hasReplaced || !existsSync(`${path}.partial`)) return;
      hasReplaced = true;
      rmSync(`${path}.partial`);
      if (by === 'another file') writeFileSync(`${path}.partial`, 'garbage');
    };
    const error = await rejection(convert(what, { workers: 1, onProgress }));
    expect(error).toMatchObject({ tag: 'OutputError', fields: { path: `${path}.partial` } });
    expect((error as Error).message).toMatch(`${problem} while it was being written`);
    expect(listing(folder)).not.toContain('a.nwb');
    if (by === 'none') return;
    expect(readFileSync(`${path}.partial`, 'utf8')).toBe('garbage');
    // The recorded chunks are not in this file, and are written again.
    await resume(path, { workers: 1 });
    expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
  });
});

describe('an existing file', () => {
  test('is not touched without overwrite', async () => {
    const { folder, path, what } = recording();
    writeFileSync(path, 'precious');
    const before = { files: listing(folder), time: statSync(path).mtimeMs };
    const error = await rejection(convert(what));
    expect(error).toBeInstanceOf(OutputError);
    expect((error as Error).message).toMatch(/overwrite/);
    expect({ files: listing(folder), time: statSync(path).mtimeMs }).toEqual(before);
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  test('is replaced with overwrite once the new one is complete', async () => {
    const { path, what } = recording();
    writeFileSync(path, 'old');
    const during: string[] = [];
    const onProgress = () => during.push(readFileSync(path, 'utf8'));
    await convert(what, { workers: WORKERS, overwrite: true, onProgress });
    expect(new Set(during)).toEqual(new Set(['old']));
    expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
  });

  test('stays if the new one fails', async () => {
    const { folder, path } = recording();
    writeFileSync(path, 'old');
    const text = moduleText([100, 4], "if (start[0] > 0) throw new Error('no more')");
    const source = writeModule(folder, 'm.mjs', text);
    const what = description(path, [timeSeries('x', { source, chunks: [10, 4] })]);
    await rejection(convert(what, { workers: 1, overwrite: true, keepPartial: false }));
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(listing(folder)).toEqual(['a.bin', 'a.nwb', 'm.mjs']);
  });

  test('that appears during the conversion is not overwritten', async () => {
    const { folder, path, what } = recording();
    const onProgress = () => writeFileSync(path, 'theirs');
    const error = await rejection(convert(what, { workers: 1, onProgress }));
    expect(error).toBeInstanceOf(OutputError);
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    expect(listing(folder)).toEqual(['a.bin', 'a.nwb', 'a.nwb.journal', 'a.nwb.partial']);
    // Once the name is free again, no chunk has to be written again.
    renameSync(path, join(folder, 'theirs'));
    const { chunksRestored } = await convert(what, { workers: 1, resume: true });
    expect(chunksRestored).toBe(20);
    expect(listing(folder)).toEqual(['a.bin', 'a.nwb', 'theirs']);
    expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
  });
});

describe('a source', () => {
  const COMPLAINT =
    /^writing .* would overwrite an input, the source of \/acquisition\/x\/data; choose another path$/;

  test.each(['a.nwb', 'a.nwb.partial', 'a.nwb.journal'])(
    'that is %s itself is not overwritten',
    async (name) => {
      const { folder, path } = recording();
      const model = waves([1000, 4]);
      const source = writeRaw(folder, name, model);
      const what = description(path, [timeSeries('x', { source })]);
      const error = await rejection(convert(what, { overwrite: true }));
      expect(error).toBeInstanceOf(OutputError);
      expect((error as Error).message).toMatch(COMPLAINT);
      expect(readFileSync(source.path)).toEqual(Buffer.from(new Uint8Array(model.items.buffer)));
      expect(listing(folder)).toEqual(['a.bin', name]);
    },
  );

  test('is not overwritten through another of its names', async () => {
    const { path, source, what } = recording();
    symlinkSync(source.path, path);
    const error = await rejection(convert(what, { overwrite: true }));
    expect((error as Error).message).toMatch(COMPLAINT);
    expect(statSync(source.path).size).toBe(8000);
  });
});

test.each([
  ['electrodes', { electrodes: { csv: 'a.csv' } }, 'a.csv'],
  ['specifications', { specifications: 'spec.nwb' }, 'spec.nwb'],
] as const)('the file of the %s is not overwritten', async (_, fields, name) => {
  const { folder, source, what } = recording();
  writeFileSync(join(folder, 'a.csv'), 'group,location\ng,CA1\n');
  {
    using file = new File(join(folder, 'spec.nwb'), 'w');
    for (const group of ['specifications', 'specifications/core', 'specifications/core/2.9.0'])
      file.createGroup(group).close();
    file
      .writeDataset('/specifications/core/2.9.0/namespace', {
        dtype: 'string',
        shape: [],
        data: ['{"namespaces":[]}'],
      })
      .close();
  }
  const before = readFileSync(join(folder, name));
  const other: Description = {
    ...what,
    ...fields,
    path: name,
    devices: [{ name: 'd' }],
    electrodeGroups: [{ name: 'g', description: 'a group', location: 'CA1', device: 'd' }],
    acquisition: [timeSeries('x', { source })],
  };
  const error = await rejection(convert(other, { baseDir: folder, overwrite: true }));
  expect(error).toBeInstanceOf(OutputError);
  expect((error as Error).message).toMatch(
    / would overwrite an input, the (electrodes|specifications); /,
  );
  expect(readFileSync(join(folder, name))).toEqual(before);
});

describe('the partial file', () => {
  test('and its journal are the only files while the conversion runs', async () => {
    const { folder, what } = recording();
    const seen = new Set<string>();
    await convert(what, {
      workers: WORKERS,
      onProgress: () => seen.add(listing(folder).join(' ')),
    });
    expect([...seen]).toEqual(['a.bin a.nwb.journal a.nwb.partial']);
    expect(listing(folder)).toEqual(['a.bin', 'a.nwb']);
  });

  test('without a journal is replaced only with overwrite', async () => {
    const { folder, path, what } = recording();
    const theirs = Buffer.alloc(1e6, 1);
    writeFileSync(`${path}.partial`, theirs);
    for (const resume of [false, true]) {
      const error = await rejection(convert(what, { workers: 1, resume }));
      expect(error).toBeInstanceOf(OutputError);
      expect((error as Error).message).toBe(
        `${path}.partial already exists, without a journal to resume it from; pass overwrite to replace it`,
      );
      expect(readFileSync(`${path}.partial`).equals(theirs)).toBe(true);
      expect(listing(folder)).toEqual(['a.bin', 'a.nwb.partial']);
    }
    const { fileBytes } = await convert(what, { workers: 1, overwrite: true });
    expect(fileBytes).toBeLessThan(1e5);
    expect(listing(folder)).toEqual(['a.bin', 'a.nwb']);
  });

  test('of another process is refused and not changed', async () => {
    const { folder, path, what } = recording();
    const child = startChild(`
      import { File } from ${JSON.stringify(BUILT.hdf5)};
      const file = new File(${JSON.stringify(`${path}.partial`)}, 'w');
      file.createGroup('theirs').close();
      file.flush();
      say('open');
      await proceed();
      say(file.links().map(({ name }) => name).join());
      file.close();`);
    expect(await child.line()).toBe('open');
    const before = readFileSync(`${path}.partial`);
    for (const overwrite of [false, true]) {
      const error = await rejection(convert(what, { workers: 1, overwrite }));
      expect(error).toBeInstanceOf(overwrite ? Hdf5Error : OutputError);
      expect((error as Error).message).toMatch(
        overwrite
          ? /a\.nwb\.partial.*in use by another process/
          : /already exists, without a journal/,
      );
    }
    expect(readFileSync(`${path}.partial`)).toEqual(before);
    expect(listing(folder)).toEqual(['a.bin', 'a.nwb.partial']);
    expect(await child.end()).toBe(0);
    expect(await child.line()).toBe('theirs');
    await convert(what, { workers: 1, overwrite: true });
    expect(listing(folder)).toEqual(['a.bin', 'a.nwb']);
  });

  test('belongs to only one of two conversions that run at the same time', async () => {
    const { folder, path, what } = recording();
    for (const overwrite of [false, true]) {
      const both = [convert(what, { workers: WORKERS, overwrite }), convert(what, { overwrite })];
      const results = await Promise.allSettled(both);
      const failed = results.filter((one) => one.status === 'rejected');
      expect(failed).toHaveLength(1);
      expect(failed[0].reason).toBeInstanceOf(OutputError);
      expect(failed[0].reason).toMatchObject({
        fields: { path: `${path}.journal` },
        message: `${path} is being converted by another process, or by this one (${path}.journal is locked); wait until that one has ended, or choose another path`,
      });
      expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
      expect(listing(folder)).toEqual(['a.bin', 'a.nwb']);
    }
  });
});

describe.skipIf(process.platform === 'win32')('a full disk', () => {
  const run = (path: string, what: unknown, options: object) => `
    import { convert } from ${JSON.stringify(BUILT.index)};
    import { readdirSync } from 'node:fs';
    try {
      await convert(${JSON.stringify(what)}, ${JSON.stringify(options)});
      say('no error');
    } catch (error) {
      say([error.name, error.cause?.name, error.cause?.fields.code].join(' '));
    }
    say(readdirSync(${JSON.stringify(join(path, '..'))}).sort().join(' '));`;

  test('gives an error with its reason while chunks are written, and these are kept', async () => {
    const { folder, path } = recording();
    const source = writeRaw(folder, 'a.bin', noise([20_000, 4]));
    const what = description(path, [timeSeries('x', { source, chunks: [50, 4] })]);
    const child = startChild(run(path, what, { workers: WORKERS }), 100);
    expect(await child.line()).toBe('JobError WriteError EFBIG');
    expect(await child.line()).toBe('a.bin a.nwb.journal a.nwb.partial');
    expect(await child.end()).toBe(0);
    // In this process, the file may grow as large as necessary.
    const { chunksRestored } = await convert(what, { workers: WORKERS, resume: true });
    expect(chunksRestored).toBeGreaterThan(0);
    expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
  });

  test('gives an error while metadata are written', async () => {
    const { path, what } = recording();
    const child = startChild(run(path, what, { workers: 1 }), 8);
    expect(await child.line()).toMatch(/^(Hdf5Error|JobError)/);
    expect(await child.line()).toBe('a.bin');
    expect(await child.end()).toBe(0);
  });
});
