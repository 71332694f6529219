import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Description } from 'hyperslab';
import { CLI, library } from './built.js';
import { runProcess } from './kills/process.js';
import { type Part, runCases } from './part.js';
import { Random } from './random.js';

const BLOCK = 4096;
const BLOCKS = 25_600;
const MB = 1_000_000;
/** The raw values, which nothing makes smaller. */
const BYTES = 24 * MB;
/** So often what was interrupted is resumed at most: each time there is more room. */
const RESUMES = 3;

const FLAGS = [
  { begin: [], goOn: [] },
  { begin: ['--durability', 'power'], goOn: [] },
  { begin: ['--durability', 'power'], goOn: ['--check'] },
] as const;

/**
 * ext4 on a device that has no room left for what is written back: an image in a small file system. Linux
 * says so once, at the sync, and keeps the pages as if they were written. What was resumed must be whole
 * when the file system is mounted anew.
 */
export const writeBack: Part = {
  name: 'write-back',
  async run(options) {
    const { folder, seed } = options;
    const device = new ThinDevice(folder);
    const reason = device.whyNot();
    if (reason) return { skipped: reason };
    let failed = 0;
    const done = await runCases(
      options,
      (count) => count >= FLAGS.length,
      async (number) => {
        const random = new Random(seed, number);
        device.create(random.whole(14, 27));
        try {
          failed += await failingConversion(device, FLAGS[number % FLAGS.length], random);
        } finally {
          device.remove();
        }
      },
    );
    return {
      summary: `${done} conversions on a device without room, ${failed} failed and resumed`,
    };
  },
};

/** @returns 1 where the device was full while the file was written */
async function failingConversion(
  device: ThinDevice,
  { begin, goOn }: (typeof FLAGS)[number],
  random: Random,
): Promise<number> {
  const sources = device.sources;
  const values = Buffer.alloc(BYTES);
  for (let at = 0; at < BYTES; at += 4) values.writeInt32LE(random.whole(-(2 ** 31), 2 ** 31), at);
  writeFileSync(join(sources, 'big.bin'), values);
  const path = join(device.mounted, 'out.nwb');
  const manifest = join(sources, 'big.json');
  const what = description();
  writeFileSync(manifest, JSON.stringify(what));
  const convert = [CLI, 'convert', manifest, '--output', path, '--quiet', ...begin];
  const first = await runProcess(convert, path);
  device.makeRoom();
  let ended = first;
  for (let again = 0; ended.code !== 0 && again < RESUMES; again++)
    ended = await runProcess([CLI, 'resume', path, '--quiet', ...goOn], path);
  if (ended.code !== 0) throw new Error(`resume ended with ${ended.code}: ${ended.stderr}`);
  device.loseCache();
  const stored = await library.verify(path, undefined, { workers: 1 });
  const verified = await library.verify(path, { ...what, path }, { baseDir: sources, workers: 1 });
  const damaged = [...stored.datasets, ...verified.datasets].find(({ equal }) => !equal);
  if (damaged) throw new Error(`${damaged.path}, read from the disk: ${damaged.problem}`);
  return first.code === 0 ? 0 : 1;
}

function description(): Description {
  return {
    path: 'out.nwb',
    nwbfile: {
      sessionDescription: 'random values',
      identifier: 'write-back',
      sessionStartTime: '2026-01-15T10:00:00+01:00',
    },
    acquisition: [
      {
        type: 'TimeSeries',
        name: 'big',
        rate: 30_000,
        unit: 'V',
        data: {
          source: { type: 'raw', path: 'big.bin', dtype: 'int16', shape: [null, 32] },
          chunks: [4000, 32],
        },
      },
    ],
  };
}

/** ext4 in an image that takes room of a small file system only when blocks are written. */
class ThinDevice {
  readonly mounted: string;
  readonly sources: string;
  readonly #room: string;
  readonly #image: string;

  constructor(folder: string) {
    this.mounted = join(folder, 'mounted');
    this.sources = join(folder, 'sources');
    this.#room = join(folder, 'room');
    this.#image = join(this.#room, 'disk.img');
    for (const path of [this.mounted, this.sources, this.#room]) mkdirSync(path);
  }

  /** Why there can't be one here; undefined where there can. */
  whyNot(): string | undefined {
    for (const program of ['mkfs.ext4', 'dumpe2fs'])
      if (spawnSync(program, ['-V']).error) return `there is no ${program}`;
    try {
      this.create(30);
    } catch (error) {
      return `no device can be mounted (${(error as Error).message.split('\n').join(' ').trim()})`;
    }
    this.remove();
    return undefined;
  }

  /** @param megabytes that can be written, beside what the file system takes for itself */
  create(megabytes: number): void {
    run('mount', '-t', 'tmpfs', '-o', 'size=300m', 'tmpfs', this.#room);
    try {
      writeFileSync(this.#image, '');
      truncateSync(this.#image, BLOCKS * BLOCK);
      const features = 'lazy_itable_init=0,lazy_journal_init=0,nodiscard';
      run(
        'mkfs.ext4',
        '-q',
        '-b',
        String(BLOCK),
        '-E',
        features,
        '-J',
        'size=4',
        '-N',
        '200',
        this.#image,
      );
      this.#fillOwnBlocks();
      const taken = readBlocks(this.#image);
      this.#resize(`${taken + megabytes * 1024}k`);
      // Without delayed allocation, which would find the device full when it is written to.
      run('mount', '-o', 'loop,nodelalloc', this.#image, this.mounted);
    } catch (error) {
      run('umount', this.#room);
      throw error;
    }
  }

  makeRoom(): void {
    this.#resize('300m');
  }

  /** What is read next comes from the device. */
  loseCache(): void {
    run('umount', this.mounted);
    run('mount', '-o', 'loop', this.#image, this.mounted);
  }

  remove(): void {
    run('umount', this.mounted);
    run('umount', this.#room);
  }

  #resize(size: string): void {
    run('mount', '-o', `remount,size=${size}`, this.#room);
  }

  /** Gives the journal and the tables of the file system their room, so that only data find none. */
  #fillOwnBlocks(): void {
    const told = execFileSync('dumpe2fs', [this.#image], { encoding: 'utf8', stdio: 'pipe' });
    const isFree = new Uint8Array(BLOCKS);
    for (const [, ranges] of told.matchAll(/Free blocks: (.*)/g))
      for (const range of ranges.split(',').filter((one) => one.trim() !== '')) {
        const [first, last = first] = range.trim().split('-').map(Number);
        isFree.fill(1, first, last + 1);
      }
    const file = openSync(this.#image, 'r+');
    const block = new Uint8Array(BLOCK);
    for (let at = 0; at < BLOCKS; at++) {
      if (isFree[at]) continue;
      readSync(file, block, 0, BLOCK, at * BLOCK);
      writeSync(file, block, 0, BLOCK, at * BLOCK);
    }
    closeSync(file);
  }
}

/** KiB that a sparse file takes. */
function readBlocks(path: string): number {
  return Number(execFileSync('du', ['-k', path], { encoding: 'utf8' }).split('\t')[0]);
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${error ?? stderr}`);
}
