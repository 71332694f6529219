import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { argumentsOf, reportOf } from './commands.js';
import { runProcess } from './process.js';
import type { Run, Scenario, Usual } from './scenario.js';

/** A file that was converted without interruption. */
export interface Reference {
  readonly path: string;
  readonly usual: Usual;
  /** Number of chunks of all datasets. */
  readonly chunks: number;
}

const RUN: Run = {
  through: 'library',
  how: 'convert',
  workers: 2,
  memory: '64MiB',
  durability: 'process',
  check: false,
};

/** Files that were converted without interruption. Each is made when it is first needed. */
export class References {
  readonly #folder: string;
  readonly #recording: string;
  readonly #made = new Map<string, Promise<Reference>>();

  constructor(folder: string, recording: string) {
    this.#folder = folder;
    this.#recording = recording;
    mkdirSync(join(folder, 'output'), { recursive: true });
  }

  of(scenario: Scenario): Promise<Reference> {
    const name = `${scenario.compression}-${scenario.libver}`;
    const made = this.#made.get(name) ?? this.#make(name, scenario);
    this.#made.set(name, made);
    return made;
  }

  async #make(name: string, scenario: Scenario): Promise<Reference> {
    const path = join(this.#folder, 'output', `${name}.nwb`);
    const place = { recording: this.#recording, path };
    const ended = await runProcess(argumentsOf(RUN, scenario, place), path);
    if (ended.code !== 0) throw new Error(`${path} could not be made: ${ended.stderr}`);
    const { datasets } = reportOf(ended.stdout);
    const chunks = datasets.reduce((sum, { chunkCount }) => sum + chunkCount, 0);
    return { path, usual: ended, chunks };
  }
}
