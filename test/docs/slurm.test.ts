import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { expectVerified, MANIFEST, withSession } from '../cli/run.js';
import { ROOT, samplesIn } from './pages.js';

/** A source that says when it is read, and waits to be released. */
const SLOW = `
  import { existsSync, writeFileSync } from 'node:fs';
  const here = (name) => new URL(name, import.meta.url);
  export function open() {
    return {
      dtype: 'int16',
      shape: [40000, 4],
      async read(from, [rows]) {
        writeFileSync(here('reading'), '');
        while (!existsSync(here('release'))) await new Promise((done) => setTimeout(done, 10));
        return new Int16Array(rows * 4);
      },
    };
  }`;

const SESSION = MANIFEST.replace(/source: \{.*'0:4' \}/, 'source: { type: module, path: s.mjs }');

function writeProgram(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

/** Begins the job of the guide, with a scheduler that notes what it is asked. */
function startJob(folder: string) {
  const [{ code }] = samplesIn('bash').filter(({ page }) => page === 'docs/guide/cluster.md');
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeProgram(
    join(bin, 'hyperslab'),
    `exec "${process.execPath}" "${join(ROOT, 'dist/cli/main.js')}" "$@"`,
  );
  writeProgram(join(bin, 'scontrol'), `echo "$@" >> "${join(folder, 'scheduler.log')}"`);
  writeFileSync(join(folder, 'job.sh'), code);
  const job = spawn('bash', ['job.sh'], {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      SLURM_CPUS_PER_TASK: '1',
      SLURM_JOB_ID: '17',
    },
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => job.on('close', resolve));
  return { job, ended };
}

test('the job for Slurm puts itself back into the queue before the time limit, and then finishes', async () => {
  await withSession(async (folder) => {
    writeFileSync(join(folder, 's.mjs'), SLOW);
    const log = join(folder, 'scheduler.log');
    const { job, ended } = startJob(folder);
    while (!existsSync(join(folder, 'reading')) && job.exitCode === null) await sleep(5);
    job.kill('SIGTERM');
    await sleep(200);
    writeFileSync(join(folder, 'release'), '');
    expect(await ended).toBe(143);
    expect(readFileSync(log, 'utf8')).toBe('requeue 17\n');
    expect(existsSync(join(folder, 'session.nwb'))).toBe(false);

    rmSync(log);
    expect(await startJob(folder).ended).toBe(0);
    await expectVerified(folder);
    expect(await startJob(folder).ended).toBe(0);
    expect(existsSync(log)).toBe(false);
  }, SESSION);
});
