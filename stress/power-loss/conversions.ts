import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Description } from 'hyperslab';
import { CLI, library } from '../built.js';
import { checkWithH5py, missingReaders } from '../kills/checks.js';
import type { Random } from '../random.js';
import { type Compression, describe, makeRecording, manifestOf, SIZES } from '../recording.js';
import type { Command, Durability, Scenario } from './scenario.js';

const H5PY_SHARE = 0.05;
const ROWS = 12_000;
const COLUMNS = 16;

/** A module that sleeps at each read if POWER_LOSS_WAIT is set, so that its conversion is synced several times. */
const SLOW = `
  const [rows, columns] = [${ROWS}, ${COLUMNS}];
  const wait = Number(process.env.POWER_LOSS_WAIT ?? 0);
  export function open() {
    return {
      dtype: 'int16',
      shape: [rows, columns],
      async read([start], [count]) {
        if (wait > 0) await new Promise((done) => setTimeout(done, wait));
        return Int16Array.from({ length: count * columns }, (_, at) => (start * columns + at) % 32749 + 1);
      },
    };
  }`;

/** A scenario that converts files, which can be read again. */
export class Conversion implements Scenario {
  readonly name: string;
  readonly durability: Durability;
  readonly isRepeatable = true;
  readonly filename = 'session.nwb';
  readonly beginEnvironment = { POWER_LOSS_WAIT: '30' };
  readonly #sources: string;
  readonly #output: string;
  readonly #kind: Compression | 'slow';

  /** @param output the folder of the output file */
  constructor(kind: Compression | 'slow', durability: Durability, sources: string, output: string) {
    this.name = `${kind}-${durability}`;
    this.durability = durability;
    this.#kind = kind;
    this.#sources = sources;
    this.#output = output;
  }

  prepare(): void {
    if (existsSync(this.#manifest)) return;
    makeRecording(this.#sources, SIZES.tiny);
    writeFileSync(join(this.#sources, 'slow.mjs'), SLOW);
    writeFileSync(join(this.#sources, 'slow.json'), JSON.stringify(slowDescription()));
  }

  begin(): Command {
    const memory = this.#kind === 'slow' ? ['--workers', '1', '--memory', '170KiB'] : [];
    return this.#convert(['--durability', this.durability, ...memory]);
  }

  proceed(random: Random): Command {
    const flags = [
      '--workers',
      random.pick(['1', '2']),
      ...(random.chance(0.2) ? ['--check'] : []),
    ];
    if (random.chance(0.3)) flags.push('--durability', random.pick(['process', 'power']));
    if (random.chance(0.5)) return [CLI, 'resume', this.#path, '--quiet', ...flags];
    return this.#convert(['--resume', ...flags]);
  }

  insist(how: 'begin' | 'overwrite' | 'incomplete'): Command {
    return this.#convert([how === 'overwrite' ? '--overwrite' : '--resume']);
  }

  acknowledged(): readonly number[] {
    return [];
  }

  async check(path: string, _: unknown, random: Random): Promise<void> {
    const own = { ...this.#description(), path };
    const values = await library.verify(path, own, { baseDir: this.#sources, workers: 1 });
    const stored = await library.verify(path, undefined, { workers: 1 });
    for (const { equal, path: dataset, problem } of [...values.datasets, ...stored.datasets])
      if (!equal) throw new Error(`${dataset}: ${problem}`);
    if (stored.missing.length > 0) throw new Error(stored.missing.join('; '));
    if (this.#kind !== 'slow' && random.chance(H5PY_SHARE) && !missingReaders().includes('h5py'))
      checkWithH5py(this.#sources, path);
  }

  #convert(flags: readonly string[]): Command {
    return [CLI, 'convert', this.#manifest, '--output', this.#path, '--quiet', ...flags];
  }

  #description(): Description {
    return this.#kind === 'slow' ? slowDescription() : describe(this.#kind);
  }

  get #path(): string {
    return join(this.#output, this.filename);
  }

  get #manifest(): string {
    if (this.#kind === 'slow') return join(this.#sources, 'slow.json');
    return manifestOf(this.#sources, this.#kind);
  }
}

function slowDescription(): Description {
  return {
    path: 'session.nwb',
    nwbfile: {
      sessionDescription: 'a slow source',
      identifier: 'slow',
      sessionStartTime: '2026-01-15T10:00:00+01:00',
    },
    acquisition: [
      {
        type: 'TimeSeries',
        name: 'slow',
        rate: 1000,
        unit: 'V',
        data: {
          source: { type: 'module', path: 'slow.mjs' },
          // Not compressed, so that a chunk is about as large as a page.
          chunks: [150, COLUMNS],
          compression: null,
        },
      },
    ],
  };
}
