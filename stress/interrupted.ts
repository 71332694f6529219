import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkFile, checkStored } from './kills/checks.js';
import { argumentsOf } from './kills/commands.js';
import { type Left, lookAt, type OnRecord } from './kills/left.js';
import { runProcess } from './kills/process.js';
import { References } from './kills/references.js';
import { beginning, drawRun, leastMemory, type Scenario } from './kills/scenario.js';
import type { Random } from './random.js';
import { COMPRESSIONS, makeRecording, SIZES } from './recording.js';

/** A conversion may end before it can be killed, but not so many in a row. */
const MAX_TRIES = 50;

type Chunks = ReadonlyMap<string, OnRecord>;

/** A recording, and files that were converted from it without interruption, to compare others with. */
export class Workshop {
  readonly folder: string;
  readonly recording: string;
  readonly #references: References;

  constructor(folder: string, size: keyof typeof SIZES) {
    this.folder = folder;
    this.recording = join(folder, 'recording');
    makeRecording(this.recording, SIZES[size]);
    this.#references = new References(join(folder, 'references'), this.recording);
  }

  /** Path of a file in a new folder. */
  pathIn(name: string): string {
    const folder = join(this.folder, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    return join(folder, 'session.nwb');
  }

  /**
   * Starts a conversion and kills it when some of its chunks are on record.
   *
   * @throws Error if that can't be done in many tries
   */
  async interrupt(name: string, random: Random): Promise<Interrupted> {
    const scenario: Scenario = {
      compression: random.pick(COMPRESSIONS),
      libver: random.pick(['earliest', 'v110']),
      kills: 1,
    };
    const { chunks } = await this.#references.of(scenario);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const path = this.pathIn(name);
      const workers = random.whole(1, 3);
      const memory = `${workers * leastMemory(scenario)}KiB`;
      const run = beginning({ ...drawRun(random, scenario), workers, memory });
      const args = argumentsOf(run, scenario, { recording: this.recording, path });
      const bytes = random.between(0.05, 0.9) * 32 * chunks;
      await runProcess(args, path, { kind: 'journal', bytes, delay: 0 });
      const left = lookAt(path, this.#scratch);
      if (left.phase === 'running') return { path, scenario, left };
    }
    throw new Error(`none of ${MAX_TRIES} conversions was killed while it ran`);
  }

  /** Path of a file that was converted without interruption. */
  async referenceOf(scenario: Scenario): Promise<string> {
    return (await this.#references.of(scenario)).path;
  }

  /** Reads what a conversion left in the folder of its file. */
  look(path: string): Left {
    return lookAt(path, this.#scratch);
  }

  /**
   * Compares a file with its sources, and with a file that was converted without interruption.
   *
   * @param chunks chunks with the places where they must lie
   * @throws Error that describes the first difference
   */
  async check(path: string, scenario: Scenario, chunks: Chunks = new Map()): Promise<void> {
    const { compression } = scenario;
    const reference = await this.referenceOf(scenario);
    await checkFile(path, { compression, recording: this.recording, reference, chunks });
  }

  /** Compares a file only with a file that was converted without interruption, which is faster. */
  async checkStored(path: string, scenario: Scenario, chunks: Chunks = new Map()): Promise<void> {
    await checkStored(path, { reference: await this.referenceOf(scenario), chunks });
  }

  get #scratch(): string {
    return join(this.folder, 'scratch');
  }
}

/** A conversion that was killed while it ran. */
export interface Interrupted {
  /** Final path of the file, once it is complete. */
  readonly path: string;
  readonly scenario: Scenario;
  readonly left: Left;
}

/** Copies the partial file and the journal, and returns the path of the copy when it will be complete. */
export function copyOf({ path }: Interrupted, to: string): string {
  for (const ending of ['.partial', '.journal'])
    if (existsSync(path + ending)) cpSync(path + ending, to + ending);
  mkdirSync(dirname(to), { recursive: true });
  return to;
}
