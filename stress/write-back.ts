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
/** Bytes of the values, which can't be compressed. */
const BYTES = 24 * MB;
/** The conversion is resumed at most this many times. */
const RESUMES = 3;

const FLAGS = [
  { convert: [], resume: [] },
  { convert: ['--durability', 'power'], resume: [] },
  { convert: ['--durability', 'power'], resume: ['--check'] },
] as const;

/**
 * Converts into an ext4 file system on a device that has no room for the pages that the system writes back: an image
 * in a small file system. Linux reports this once, at the sync, and then treats the pages as written. The resumed
 * file must be intact after the file system was mounted again.
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

/** @returns 1 if the first process failed because the device was full, else 0 */
async function failingConversion(
  device: ThinDevice,
  flags: (typeof FLAGS)[number],
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
  const convert = [CLI, 'convert', manifest, '--output', path, '--quiet', ...flags.convert];
  const first = await runProcess(convert, path);
  device.makeRoom();
  let ended = first;
  for (let again = 0; ended.code !== 0 && again < RESUMES; again++)
    ended = await runProcess([CLI, 'resume', path, '--quiet', ...flags.resume], path);
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

/** An ext4 file system in a sparse image, which takes room in a small file system only when blocks are written. */
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

  /** The reason why such a device can't be made here; undefined if it can. */
  whyNot(): string | undefined {
    for (const program of ['mkfs.ext4', 'dumpe2fs'])
      if (spawnSync(program, ['-V']).error) return `${program} is not installed`;
    try {
      this.create(30);
    } catch (error) {
      return `no device can be mounted (${(error as Error).message.split('\n').join(' ').trim()})`;
    }
    this.remove();
    return undefined;
  }

  /** @param megabytes room for data, in addition to what the file system needs itself */
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
      const taken = usedKibibytes(this.#image);
      this.#resize(`${taken + megabytes * 1024}k`);
      // Without delayed allocation: with it, writing itself would fail, instead of a later sync.
      run('mount', '-o', 'loop,nodelalloc', this.#image, this.mounted);
    } catch (error) {
      run('umount', this.#room);
      throw error;
    }
  }

  makeRoom(): void {
    this.#resize('300m');
  }

  /** Empties the cache, so that later reads come from the device. */
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

  /** Writes the blocks of ext4's own journal and tables, so that only data can run out of room. */
  #fillOwnBlocks(): void {
    const report = execFileSync('dumpe2fs', [this.#image], { encoding: 'utf8', stdio: 'pipe' });
    const isFree = new Uint8Array(BLOCKS);
    for (const [, ranges] of report.matchAll(/Free blocks: (.*)/g))
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

/** KiB that a sparse file takes on its disk. */
function usedKibibytes(path: string): number {
  return Number(execFileSync('du', ['-k', path], { encoding: 'utf8' }).split('\t')[0]);
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${error ?? stderr}`);
}
