import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convert, ResumeError, recover, resume } from '../../src/index.js';
import { isSameFile } from '../../src/sources/changed-files.js';
import { hyperslab } from '../cli/run.js';
import { CHUNKS, expectWhole, interrupt, recording } from '../support/interrupted.js';
import { rejection } from '../support/recordings.js';

const FINE = 1_669_107_600_123_456_789n;
const COARSE = 1_669_107_600_000_000_000n;

describe('whether a source is the same', () => {
  const was = { size: 100, mtimeNs: FINE, ctimeNs: 5n, inode: 7n };
  const coarse = { ...was, mtimeNs: COARSE };

  test.each<[string, boolean, typeof was, Partial<typeof was>]>([
    ['untouched', true, was, {}],
    ['copied with its time', true, was, { inode: 8n, ctimeNs: 9n }],
    ['copied with its time in 100 ns', true, was, { inode: 8n, mtimeNs: FINE - 89n }],
    ['copied with its time in ms', true, was, { inode: 8n, mtimeNs: FINE - 456_789n }],
    ['copied with its time in whole seconds', false, was, { inode: 8n, mtimeNs: COARSE }],
    ['written a moment later', false, was, { mtimeNs: FINE + 1n }],
    ['written 1.5 s later', false, coarse, { mtimeNs: COARSE + 1_500_000_000n }],
    ['of another size', false, was, { size: 101 }],
    ['untouched, with a time of whole seconds', true, coarse, {}],
    ['replaced within a second', false, coarse, { inode: 8n }],
    ['rewritten within a second', false, coarse, { ctimeNs: 6n }],
  ])('%s: %s', (_, isSame, before, change) => {
    expect(isSameFile(before, { ...before, ...change })).toBe(isSame);
  });
});

/** A conversion that was interrupted, and its source, whose time has changed since then. */
async function touched() {
  const made = recording();
  const source = join(made.folder, 'raw.bin');
  const left = await interrupt(made.what, CHUNKS / 2);
  const bytes = readFileSync(source);
  return { ...made, source, bytes, left };
}

describe('a source that was written again with the same size', () => {
  test('within two seconds of before is noticed', async () => {
    const { path, what, source, bytes } = await touched();
    writeFileSync(
      source,
      bytes.map((byte) => byte ^ 1),
    );
    for (const again of [resume(path), convert(what, { resume: true })])
      expect(await rejection(again)).toBeInstanceOf(ResumeError);
  });

  test.each(['resume', 'convert', 'recover'])(
    'is compared with the finished chunks if check is set, by %s',
    async (how) => {
      const { path, what, source, bytes, models } = await touched();
      const again = (check: boolean) => {
        const options = { workers: 2, check };
        if (how === 'resume') return resume(path, options);
        if (how === 'recover') return recover(path, options);
        return convert(what, { ...options, resume: true });
      };
      // Values of finished chunks differ: the source is another recording.
      writeFileSync(
        source,
        bytes.map((byte) => byte ^ 1),
      );
      const refused = await rejection(again(true));
      expect(refused).toBeInstanceOf(ResumeError);
      expect((refused as Error).message).toMatch(
        /raw\.bin, the source of \/acquisition\/raw\/data, holds \d+ at \[.*\] where it held \d+$/,
      );
      expect(existsSync(path)).toBe(false);
      writeFileSync(source, bytes);
      expect(await rejection(again(false))).toBeInstanceOf(ResumeError);
      expect((await again(true)).chunksRestored).toBeGreaterThanOrEqual(CHUNKS / 2);
      await expectWhole(path, models);
    },
  );

  test('is not compared again once it was found to hold the same', async () => {
    const { path, source, models } = await touched();
    utimesSync(source, 1e9, 1e9 + 0.25);
    const controller = new AbortController();
    const onProgress = ({ chunksDone }: { chunksDone: number }) => {
      if (chunksDone > CHUNKS / 2 + 5) controller.abort(new Error('stopped'));
    };
    const { signal } = controller;
    await rejection(resume(path, { workers: 1, check: true, signal, onProgress }));
    await resume(path, { workers: 1 });
    await expectWhole(path, models);
  });
});

describe('a conversion whose source is changed while it is read', () => {
  /** A module that changes its own file if another file says so, and the command line that converts it. */
  function changing(change: string) {
    const { folder, what, path } = recording();
    const source = join(folder, 'changing.mjs');
    const trigger = join(folder, 'trigger');
    writeFileSync(
      source,
      `import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
      const path = ${JSON.stringify(source)};
      export const open = () => ({
        dtype: 'int16', shape: [40, 2],
        read(start, count) {
          if (existsSync(${JSON.stringify(trigger)}) && start[0] > 0) ${change};
          return new Int16Array(count[0] * 2);
        },
      });`,
    );
    const data = { source: { type: 'module', path: source }, chunks: [10, 2] };
    const series = { type: 'TimeSeries', name: 'x', unit: 'V', rate: 1, data };
    const manifest = join(folder, 'session.json');
    writeFileSync(manifest, JSON.stringify({ ...what, acquisition: [series] }));
    writeFileSync(trigger, '');
    const run = (...args: string[]) => hyperslab([...args, '-q', '-w', '1'], folder);
    return { source, trigger, manifest, path, run };
  }

  test('says that it must be converted again if the source has grown', async () => {
    const { source, trigger, manifest, run } = changing("appendFileSync(path, '\\n')");
    const { code, stderr } = await run('convert', manifest);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `note: ${source} may still be recording, so the finished chunks cannot be used`,
    );
    expect(stderr).not.toContain('hyperslab resume');
    rmSync(trigger);
    expect((await run('convert', manifest, '--overwrite')).code).toBe(0);
  });

  test('says how to resume if the source may hold the same data', async () => {
    const { trigger, manifest, path, run } = changing('writeFileSync(path, readFileSync(path))');
    const { code, stderr } = await run('convert', manifest);
    expect(code).toBe(1);
    expect(stderr).toContain(`\`hyperslab resume ${path} --check\``);
    rmSync(trigger);
    expect((await run('resume', path, '--check')).code).toBe(0);
  });
});
