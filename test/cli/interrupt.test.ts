import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { MANIFEST, type Ran, start, withSession } from './run.js';

/** A source that tells when it is read, waits to be released, and then takes its time. */
const SLOW = `
  import { existsSync, writeFileSync } from 'node:fs';
  const sleep = (time) => new Promise((done) => setTimeout(done, time));
  export function open({ folder }) {
    return {
      dtype: 'int16',
      shape: [40000, 4],
      async read(from, [rows]) {
        if (existsSync(folder + '/reading')) await sleep(2000);
        writeFileSync(folder + '/reading', '');
        while (!existsSync(folder + '/release')) await sleep(10);
        return new Int16Array(rows * 4);
      },
    };
  }`;

const SOURCE = /source: \{.*'0:4' \}/;
const MODULE = 'source: { type: module, path: s.mjs, options: { folder: . } }';

/** Runs a conversion until it reads its source, lets `signal` act, and waits for its end. */
async function interrupt(
  flags: readonly string[],
  signal: (child: ChildProcess, release: () => Promise<void>, folder: string) => Promise<void>,
): Promise<{ ran: Ran; left: readonly string[]; folder: string }> {
  return withSession(
    async (folder) => {
      await writeFile(join(folder, 's.mjs'), SLOW);
      const { child, ended } = start(['convert', 'session.yaml', '-qw', '1', ...flags], folder);
      while (!existsSync(join(folder, 'reading')) && running(child)) await sleep(5);
      await signal(child, () => writeFile(join(folder, 'release'), ''), folder);
      const ran = await ended;
      const left = (await readdir(folder)).filter((name) => name.startsWith('session.nwb'));
      return { ran, left, folder };
    },
    MANIFEST.replace(SOURCE, MODULE),
  );
}

function running({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  '%s stops the conversion, leaves nothing, and makes exit code %d',
  async (name, code) => {
    const { ran, left } = await interrupt([], async (child, release) => {
      child.kill(name);
      await sleep(200);
      await release();
    });
    const stderr = `interrupted by ${name}: no partial file was kept\n`;
    expect(ran).toEqual({ code, stdout: '', stderr });
    expect(left).toEqual([]);
  },
);

/** Waits until chunks are on record. */
async function firstChunks(folder: string): Promise<void> {
  const journal = join(folder, 'session.nwb.journal');
  while (!readFileSync(journal).includes('placements')) await sleep(5);
}

test.each([
  { flags: [], files: ['session.nwb.journal', 'session.nwb.partial'] },
  { flags: ['--no-keep-partial'], files: [] },
])('finished work is kept when interrupted, with $flags', async ({ flags, files }) => {
  const { ran, left, folder } = await interrupt(flags, async (child, release, folder) => {
    await release();
    await firstChunks(folder);
    child.kill('SIGINT');
  });
  const path = join(folder, 'session.nwb');
  const kept = `finished work is kept; continue with \`hyperslab resume ${path}\``;
  const stderr = `interrupted by SIGINT: ${files.length > 0 ? kept : 'no partial file was kept'}\n`;
  expect(ran).toEqual({ code: 130, stdout: '', stderr });
  expect(left).toEqual(files);
});

test('a second signal ends the process at once', async () => {
  const { ran } = await interrupt([], async (child) => {
    while (running(child)) {
      child.kill('SIGTERM');
      await sleep(50);
    }
  });
  expect(ran).toEqual({ code: 'SIGTERM', stdout: '', stderr: '' });
});
