import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Workshop } from './interrupted.js';
import { argumentsOf } from './kills/commands.js';
import { runProcess } from './kills/process.js';
import { beginning, drawRun, type Scenario } from './kills/scenario.js';
import { type Part, runCases } from './part.js';
import { Random } from './random.js';
import { COMPRESSIONS } from './recording.js';

const CASES = 40;
const PAGE = 4096;
const ROOM = '64m';

/** Fills the disk at any page of a conversion, makes room, and resumes the conversion. */
export const diskFull: Part = {
  name: 'disk-full',
  async run(options) {
    const disk = join(options.folder, 'disk');
    mkdirSync(disk);
    const { status, stderr, error } = spawnSync('mount', mountArguments(disk), {
      encoding: 'utf8',
    });
    if (status !== 0)
      return { skipped: `no file system can be mounted (${error ?? stderr.trim()})` };
    try {
      const workshop = new Workshop(options.folder, 'small');
      const counts = { nothing: 0, kept: 0, fits: 0 };
      await runCases(
        options,
        (done) => done >= CASES,
        async (number) => {
          const result = await fullDisk(workshop, disk, new Random(options.seed, number));
          counts[result]++;
        },
      );
      const { nothing, kept, fits } = counts;
      return {
        summary: `${CASES} full disks: ${kept} resumed, ${nothing} before anything was kept, ${fits} were not full`,
      };
    } finally {
      execFileSync('umount', [disk]);
    }
  },
};

const mountArguments = (disk: string) => ['-t', 'tmpfs', '-o', `size=${ROOM}`, 'tmpfs', disk];

/** @returns what the full disk left: nothing, chunks that were resumed, or the whole file because it fits */
async function fullDisk(
  workshop: Workshop,
  disk: string,
  random: Random,
): Promise<'nothing' | 'kept' | 'fits'> {
  const scenario: Scenario = {
    compression: random.pick(COMPRESSIONS),
    libver: random.pick(['earliest', 'v110']),
    kills: 0,
  };
  const needed = statSync(await workshop.referenceOf(scenario)).size;
  // In half of the cases near the end, where the last metadata are written.
  const share = random.chance(0.5) ? random.between(0.02, 1) : random.between(0.95, 1.03);
  const pages = Math.max(1, Math.round((share * needed) / PAGE));
  for (const name of readdirSync(disk)) rmSync(join(disk, name), { recursive: true });
  remount(disk, `${pages * PAGE}`);
  const path = join(disk, 'session.nwb');
  const place = { recording: workshop.recording, path };
  const drawn = { ...drawRun(random, scenario), through: 'cli' } as const;
  const first = await runProcess(argumentsOf(beginning(drawn), scenario, place), path);
  const left = first.code === 0 ? undefined : workshop.look(path);
  if (left) refuseSilence(first.code, first.stderr);
  remount(disk, ROOM);
  if (left) {
    const names = readdirSync(disk).join(', ');
    if (left.chunks.size === 0 && names !== '') throw new Error(`${names} is left, without chunks`);
    const again = { ...drawRun(random, scenario), through: 'cli' } as const;
    const ended = await runProcess(
      argumentsOf(left.isBegun ? again : beginning(again), scenario, place),
      path,
    );
    if (ended.code !== 0) throw new Error(`resume ended with ${ended.code}: ${ended.stderr}`);
  }
  await workshop.check(path, scenario, left?.chunks);
  if (!left) return 'fits';
  return left.chunks.size === 0 ? 'nothing' : 'kept';
}

function refuseSilence(code: number | undefined, stderr: string): void {
  const errors = stderr.split('\n').filter((line) => line.startsWith('error: '));
  if (code !== 1 || errors.length !== 1 || !/space/i.test(errors[0]))
    throw new Error(`Expected one error of a full disk but received ${code}: ${stderr}`);
}

function remount(disk: string, size: string): void {
  execFileSync('mount', ['-o', `remount,size=${size}`, disk]);
}
