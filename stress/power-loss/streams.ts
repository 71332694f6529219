import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, File, library, ROOT } from '../built.js';
import { missingReaders } from '../kills/checks.js';
import { Random } from '../random.js';
import type { LogEvent } from './log.js';
import type { Command, Durability, Promised, Scenario } from './scenario.js';

/** File for the numbers of acknowledged rows. It is in the watched folder, so that its writes are in the log. */
export const ACKNOWLEDGEMENTS = 'acknowledged';

/** Rows that are appended together, and what the program does next. */
interface Step {
  readonly stream: number;
  readonly rows: number;
  readonly next: 'flush' | 'wait' | 'go on';
}

interface Stream {
  readonly name: string;
  readonly columns: number;
  readonly chunks: readonly [number, number];
  readonly compression: 'gzip' | null;
}

const BESIDE_ROWS = 4000;
const H5PY_SHARE = 0.05;

/** A scenario that converts DataWriters, whose rows come only once. */
export class Streaming implements Scenario {
  readonly name: string;
  readonly durability: Durability;
  readonly isRepeatable = false;
  readonly filename = 'stream.nwb';
  readonly beginEnvironment = {};
  readonly #sources: string;
  readonly #output: string;
  readonly #streams: readonly Stream[];
  readonly #steps: readonly Step[];
  /** Whether a file is converted together with the streams. */
  readonly #hasFile: boolean;

  /** @param number selects one of many scenarios of a seed */
  constructor(
    durability: Durability,
    seed: number,
    number: number,
    folder: string,
    output: string,
  ) {
    const random = new Random(seed, -1 - number);
    this.name = `stream-${number}-${durability}`;
    this.durability = durability;
    this.#sources = join(folder, this.name);
    this.#output = output;
    this.#streams = Array.from({ length: random.pick([1, 1, 2]) }, (_, at) => {
      const columns = random.whole(1, 9);
      const columnsOfChunk = random.chance(0.7) ? columns : Math.ceil(columns / 2);
      return {
        name: `x${at}`,
        columns,
        // Most chunks become full only after several flushes, each of which stores them again.
        chunks: [random.pick([37, 300, 1000, 1000]), columnsOfChunk],
        compression: random.pick(['gzip', null]),
      };
    });
    this.#steps = Array.from({ length: random.whole(12, 30) }, () => ({
      stream: random.whole(0, this.#streams.length),
      rows: random.whole(1, random.pick([60, 500])),
      next: random.pick(['flush', 'flush', 'wait', 'go on']),
    }));
    this.#hasFile = random.chance(0.4);
  }

  prepare(): void {
    if (existsSync(this.#sources)) return;
    mkdirSync(this.#sources, { recursive: true });
    for (const [at, { columns }] of this.#streams.entries())
      writeFileSync(this.#rowsOf(at), values(this.#total(at) * columns, at));
    writeFileSync(this.#file, values(BESIDE_ROWS, this.#streams.length));
  }

  begin(): Command {
    const program = {
      path: this.#path,
      acknowledgements: join(this.#output, ACKNOWLEDGEMENTS),
      writers: this.#streams.map((stream, at) => ({ ...stream, rows: this.#rowsOf(at) })),
      beside: this.#hasFile ? [this.#series] : [],
      options: { durability: this.durability, workers: 1 },
      steps: this.#steps,
    };
    return [join(ROOT, 'stress/power-loss/stream.mjs'), JSON.stringify(program)];
  }

  proceed(random: Random): Command {
    const flags = [
      '--workers',
      random.pick(['1', '2']),
      ...(random.chance(0.2) ? ['--check'] : []),
    ];
    return [CLI, 'recover', this.#path, '--quiet', ...flags];
  }

  insist(): Command {
    return [CLI, 'recover', this.#path, '--quiet', '--incomplete'];
  }

  acknowledged(events: readonly LogEvent[]): readonly number[] {
    const rows = this.#streams.map(() => 0);
    for (const event of events) {
      if (event.kind !== 'write' || event.name !== ACKNOWLEDGEMENTS) continue;
      const [stream, count] = Buffer.from(event.bytes).toString().split(' ').map(Number);
      rows[stream] = count;
    }
    return rows;
  }

  async check(path: string, { rows }: Promised, random: Random): Promise<void> {
    const { datasets, missing } = await library.verify(path, undefined, { workers: 1 });
    for (const { equal, path: dataset, problem } of datasets)
      if (!equal) throw new Error(`${dataset}: ${problem}`);
    using file = new File(path, 'r');
    for (const at of this.#streams.keys())
      this.#checkStream(file, at, rows[at], missing.length > 0);
    // A file that says it is incomplete may lack these data.
    if (this.#hasFile && missing.length === 0) {
      using dataset = file.dataset('/acquisition/beside/data');
      const expected = values(BESIDE_ROWS, this.#streams.length);
      const { buffer, byteOffset, byteLength } = dataset.read().data as Int16Array;
      if (!Buffer.from(buffer, byteOffset, byteLength).equals(expected))
        throw new Error('/acquisition/beside/data: a wrong value');
    }
    if (missing.length === 0 && random.chance(H5PY_SHARE) && !missingReaders().includes('h5py'))
      this.#checkWithH5py(path);
  }

  /** @param isIncomplete whether the file says that data are missing, which then read as zero */
  #checkStream(file: File, at: number, promised: number, isIncomplete: boolean): void {
    const { name, columns } = this.#streams[at];
    using dataset = file.dataset(`/acquisition/${name}/data`);
    const { shape, data } = dataset.read();
    if (shape[0] < promised)
      throw new Error(`${name} has ${shape[0]} rows but ${promised} were acknowledged`);
    if (shape[0] > this.#total(at)) throw new Error(`${name} has more rows than were appended`);
    const bytes = values(this.#total(at) * columns, at);
    const found = data as Int16Array;
    for (let item = 0; item < found.length; item++) {
      const expected = bytes.readInt16LE(2 * item);
      if (found[item] === expected) continue;
      const row = Math.floor(item / columns);
      if (found[item] === 0 && isIncomplete && row >= promised) continue;
      const note = isIncomplete ? ', in a file that says it is incomplete' : '';
      throw new Error(
        `${name}: row ${row} of ${shape[0]} holds ${found[item]} where ${expected} was appended; ` +
          `${promised} rows were promised${note}`,
      );
    }
  }

  #checkWithH5py(path: string): void {
    const parts = this.#streams.flatMap(({ name }, at) => [name, this.#rowsOf(at)]);
    const python = join(ROOT, '.venv/bin/python');
    execFileSync(python, ['-c', READ, path, ...parts], { stdio: ['ignore', 'ignore', 'pipe'] });
  }

  #total(at: number): number {
    return this.#steps.reduce((sum, { stream, rows }) => sum + (stream === at ? rows : 0), 0);
  }

  get #series() {
    const source = { type: 'raw', path: this.#file, dtype: 'int16', shape: [null, 4] };
    const data = { source, chunks: [100, 4] };
    return { type: 'TimeSeries', name: 'beside', rate: 1000, unit: 'V', data };
  }

  get #path(): string {
    return join(this.#output, this.filename);
  }

  get #file(): string {
    return join(this.#sources, 'beside.bin');
  }

  #rowsOf(at: number): string {
    return join(this.#sources, `rows-${at}.bin`);
  }
}

/** Values of int16 without zeros, because missing values read as zero. */
function values(count: number, number: number): Buffer {
  const bytes = Buffer.alloc(2 * count);
  for (let at = 0; at < count; at++)
    bytes.writeInt16LE(1 + ((at * 31 + number * 7919) % 32749), 2 * at);
  return bytes;
}

const READ = `
import sys, h5py, numpy as np
with h5py.File(sys.argv[1]) as file:
    for name, rows in zip(sys.argv[2::2], sys.argv[3::2]):
        found = file['acquisition/' + name + '/data'][()]
        assert found.tobytes() == np.fromfile(rows, 'i2')[:found.size].tobytes(), name
`;
