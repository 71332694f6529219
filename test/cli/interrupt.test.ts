import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
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
  signal: (child: ChildProcess, release: () => Promise<void>) => Promise<void>,
): Promise<{ ran: Ran; left: readonly string[] }> {
  return withSession(
    async (folder) => {
      await writeFile(join(folder, 's.mjs'), SLOW);
      const { child, ended } = start(['convert', 'session.yaml', '-w', '1', ...flags], folder);
      while (!existsSync(join(folder, 'reading')) && running(child)) await sleep(5);
      await signal(child, () => writeFile(join(folder, 'release'), ''));
      const ran = await ended;
      const left = (await readdir(folder)).filter((name) => name.startsWith('session.nwb'));
      return { ran, left };
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
    const stderr = `interrupted by ${name}: no partial file is left\n`;
    expect(ran).toEqual({ code, stdout: '', stderr });
    expect(left).toEqual([]);
  },
);

test('--keep-partial keeps what was written when interrupted', async () => {
  const { ran, left } = await interrupt(['--keep-partial'], async (child, release) => {
    child.kill('SIGINT');
    await sleep(200);
    await release();
  });
  expect(ran.code).toBe(130);
  expect(ran.stderr).toMatch(/^interrupted by SIGINT: kept \/.*\/session.nwb.partial\n$/);
  expect(left).toEqual(['session.nwb.partial']);
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
