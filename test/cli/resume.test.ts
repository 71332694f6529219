import { existsSync, readFileSync } from 'node:fs';
import { readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  converted,
  expectVerified,
  hyperslab,
  MANIFEST,
  type Ran,
  start,
  withSession,
} from './run.js';

/** A source that fails from a row on, until there is a file that lets it go on. */
const FAILING = `
  import { existsSync } from 'node:fs';
  const repaired = new URL('repaired', import.meta.url);
  export function open() {
    return {
      dtype: 'int16',
      shape: [40000, 4],
      read([from], [rows]) {
        if (from >= 20000 && !existsSync(repaired)) throw new Error('not yet');
        return Int16Array.from({ length: 4 * rows }, (_, at) => (4 * from + at) % 999);
      },
    };
  }`;

const SOURCE = /source: \{.*'0:4' \}/;
const MODULE = 'source: { type: module, path: s.mjs }';
const NOTE = /^note: finished work is kept; continue with `hyperslab resume (.*)`\n/;

const LEFT = ['session.nwb.journal', 'session.nwb.partial'];

/** Runs `body` in a folder where a conversion has failed, and can succeed since. */
async function withFailed(
  body: (folder: string) => Promise<void>,
  fail: (folder: string) => Promise<void> = failHere,
): Promise<void> {
  await withSession(
    async (folder) => {
      await writeFile(join(folder, 's.mjs'), FAILING);
      await fail(folder);
      expect(await written(folder)).toEqual(LEFT);
      await writeFile(join(folder, 'repaired'), '');
      await body(folder);
    },
    MANIFEST.replace(SOURCE, MODULE),
  );
}

async function failHere(folder: string): Promise<void> {
  await expect(converted(folder)).rejects.toThrow('not yet');
}

async function written(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('session.nwb')).sort();
}

async function expectEqual(folder: string): Promise<void> {
  expect(await written(folder)).toEqual(['session.nwb']);
  await expectVerified(folder);
}

describe('what failed', () => {
  test('says how to go on, and that works as it stands', async () => {
    let failed: Ran | undefined;
    await withFailed(
      async (folder) => {
        const [, path] = NOTE.exec(failed?.stderr ?? '') ?? [];
        expect(path).toBe(join(folder, 'session.nwb'));
        const ran = await hyperslab(['resume', path], '/');
        expect(ran.code).toBe(0);
        expect(ran.stdout).toContain('session.nwb');
        await expectEqual(folder);
      },
      async (folder) => {
        failed = await hyperslab(['convert', 'session.yaml', '-w', '2'], folder);
        expect(failed.code).toBe(1);
      },
    );
  });

  test.each([
    [['resume', 'session.nwb.partial', '--check']],
    [['resume', 'session.nwb.journal', '-w', '1', '-m', '64MiB']],
    [['resume', './session.nwb', '--durability', 'power']],
    [['convert', 'session.yaml', '--resume']],
    [['convert', 'session.yaml', '--resume', '--check', '--durability', 'process']],
  ])('goes on with %j', async (args) => {
    await withFailed(async (folder) => {
      const { code, stdout } = await hyperslab([...args, '--json'], folder);
      expect(code).toBe(0);
      const report = JSON.parse(stdout);
      expect(report.path).toBe(join(folder, 'session.nwb'));
      expect(report.chunksRestored).toBeGreaterThan(0);
      await expectEqual(folder);
    });
  });

  test('is refused without --resume, in a line', async () => {
    await withFailed(async (folder) => {
      const { code, stdout, stderr } = await hyperslab(['convert', 'session.yaml'], folder);
      expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
      expect(stderr).toMatch(
        /^error: a conversion to [^\n]*session\.nwb was interrupted [^\n]*; pass --resume to continue it, or --overwrite to start again\n$/,
      );
      expect(await written(folder)).toEqual(LEFT);
      expect((await hyperslab(['convert', 'session.yaml', '--overwrite'], folder)).code).toBe(0);
      await expectEqual(folder);
    });
  });

  test('and fails again is kept, unless it is not to be', async () => {
    await withFailed(async (folder) => {
      await rm(join(folder, 'repaired'));
      const again = await hyperslab(['resume', 'session.nwb', '--quiet'], folder);
      expect(again.code).toBe(1);
      expect(again.stderr).toMatch(/^note: .*`hyperslab resume session\.nwb`\nerror: .*\n$/);
      expect(await written(folder)).toEqual(LEFT);
      const last = await hyperslab(['resume', 'session.nwb', '--no-keep-partial'], folder);
      expect(last.code).toBe(1);
      expect(last.stderr).toMatch(/^error: .*\n$/);
      expect(await written(folder)).toEqual([]);
    });
  });

  test('is refused when its source has changed', async () => {
    await withFailed(async (folder) => {
      await utimes(join(folder, 'ap.bin'), 1e9, 1e9);
      const { code, stdout, stderr } = await hyperslab(['resume', 'session.nwb'], folder);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^error: [^\n]*session\.nwb can't be resumed: [^\n]*ap\.bin[^\n]*\n$/);
      expect(await written(folder)).toEqual(LEFT);
    });
  });

  test('is read to its end by recover, too', async () => {
    await withFailed(async (folder) => {
      expect((await hyperslab(['recover', 'session.nwb', '-q'], folder)).code).toBe(0);
      await expectEqual(folder);
    });
  });

  test('can be completed as it is', async () => {
    await withFailed(async (folder) => {
      await rm(join(folder, 'repaired'));
      const failed = await hyperslab(['recover', 'session.nwb', '-q'], folder);
      expect(failed).toMatchObject({ code: 1, stdout: '' });
      expect(failed.stderr.replace(NOTE, '')).toMatch(/^error: [^\n]*not yet[^\n]*\n$/);
      expect(await written(folder)).toEqual(LEFT);
      const ran = await hyperslab(['recover', 'session.nwb', '--incomplete'], folder);
      expect(ran.code).toBe(0);
      expect(ran.stderr).toMatch(
        /warning: .*\d+ of \d+ chunks are missing and read as the fill value\n/,
      );
      expect(await written(folder)).toEqual(['session.nwb']);
      expect((await hyperslab(['verify', 'session.nwb', '--quiet'], folder)).code).toBe(3);
      await writeFile(join(folder, 'repaired'), '');
      expect((await hyperslab(['verify', 'session.nwb', 'session.yaml', '-q'], folder)).code).toBe(
        3,
      );
    });
  });
});

test('what comes too late to be refused has failed, and says how to go on', async () => {
  const text = FAILING.replace('!existsSync(repaired)', 'occupy()').replace(
    'const repaired',
    `import { mkdirSync } from 'node:fs';
    const occupy = () => void mkdirSync(new URL('session.nwb', import.meta.url), { recursive: true });
    const repaired`,
  );
  await withSession(
    async (folder) => {
      await writeFile(join(folder, 's.mjs'), text);
      const late = await hyperslab(['convert', 'session.yaml', '-w', '1', '-q'], folder);
      expect(late).toMatchObject({ code: 1, stdout: '' });
      expect(late.stderr.replace(NOTE, '')).toMatch(
        /^error: [^\n]*session\.nwb is a folder; name a file\n$/,
      );
      expect(late.stderr).toMatch(NOTE);
      // The same before it has begun.
      const refused = await hyperslab(['resume', 'session.nwb'], folder);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).not.toMatch(NOTE);
      await rm(join(folder, 'session.nwb'), { recursive: true });
      expect((await hyperslab(['resume', 'session.nwb', '-q'], folder)).code).toBe(0);
    },
    MANIFEST.replace(SOURCE, MODULE),
  );
});

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('after %s it goes on', async (signal) => {
  await withSession(
    async (folder) => {
      await writeFile(
        join(folder, 's.mjs'),
        FAILING.replace('read([', 'async read([').replace(
          'if (from',
          'if (from > 0) await new Promise((done) => setTimeout(done, 300)); if (from',
        ),
      );
      await writeFile(join(folder, 'repaired'), '');
      const { child, ended } = start(['convert', 'session.yaml', '-w', '1'], folder);
      const journal = join(folder, 'session.nwb.journal');
      while (!existsSync(journal) || !readFileSync(journal).includes('placements')) await sleep(5);
      child.kill(signal);
      const { code } = await ended;
      expect(code).toBe({ SIGINT: 130, SIGTERM: 143, SIGKILL: 'SIGKILL' }[signal]);
      expect(await written(folder)).toEqual(LEFT);
      if (signal === 'SIGKILL') await truncate(journal, readFileSync(journal).length - 1);
      expect((await hyperslab(['resume', 'session.nwb', '-q'], folder)).code).toBe(0);
      await expectEqual(folder);
    },
    MANIFEST.replace(SOURCE, MODULE),
  );
});

test.each(['resume', 'recover'])('%s of nothing is refused in a line', async (command) => {
  await withSession(async (folder) => {
    for (const [file, message] of [
      ['session.nwb', /there is no interrupted conversion to [^\n]*session\.nwb \(no journal /],
      ['none/session.nwb', /there is no interrupted conversion to [^\n]*none\/session\.nwb /],
      ['ap.bin/session.nwb', /there is no interrupted conversion to [^\n]*ap\.bin\/session\.nwb /],
      ['ap.bin', /there is nothing to resume: [^\n]*ap\.bin exists and has no journal/],
      ['.', / is a folder; name a file/],
    ] as const) {
      const { code, stdout, stderr } = await hyperslab([command, file], folder);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^error: [^\n]*\n$/);
      expect(stderr).toMatch(message);
    }
  });
});
