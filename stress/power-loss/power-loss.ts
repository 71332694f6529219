import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Part, PartOptions } from '../part.js';
import { Random } from '../random.js';
import { type Bench, record } from './bench.js';
import { Conversion } from './conversions.js';
import { Machine } from './machine.js';
import { buildPreload, whyNoPreload } from './preload.js';
import type { Durability, Scenario } from './scenario.js';
import { Streaming } from './streams.js';
import { type Outcome, Trial } from './trial.js';

/** How many scenarios run at the same time. */
const LANES = 2;

export interface PowerLossOptions
  extends Pick<PartOptions, 'folder' | 'seed' | 'states' | 'only' | 'say'> {
  /** Number of scenarios with streams. A third of them has the durability `process`, the others `power`. */
  readonly streams: number;
  readonly conversions: readonly (readonly [
    kind: 'slow' | 'none' | 'gzip' | 'mixed',
    durability: Durability,
  ])[];
  /** Folder for the logs of the first processes, to draw states from them again. Default: inside `folder`. */
  readonly recordings?: string | undefined;
}

/** A state in which something did not hold. */
export interface Failure {
  readonly number: number;
  readonly message: string;
}

export interface PowerLossResult {
  readonly outcomes: ReadonlyMap<Outcome, number>;
  readonly failures: readonly Failure[];
}

/**
 * Picks random states in which a power loss may leave the disk, resumes the conversion from each of them, and checks
 * the resulting files. Each state depends only on the seed and the number of the state.
 */
export async function simulatePowerLoss(options: PowerLossOptions): Promise<PowerLossResult> {
  const { seed, states, only, say, folder } = options;
  const recordings = options.recordings ?? join(folder, 'recordings');
  mkdirSync(recordings, { recursive: true });
  const preload = buildPreload('stress/power-loss/write-log.c', recordings);
  const makers = scenarioMakers(options, recordings);
  const outcomes = new Map<Outcome, number>();
  const failures: Failure[] = [];
  let done = 0;
  const runState = async (bench: Bench, number: number) => {
    let trial: Trial | undefined;
    try {
      trial = new Trial(bench, new Random(seed, number));
      const outcome = await trial.run();
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    } catch (error) {
      const { message } = error as Error;
      const story = (trial?.story ?? []).map((line) => `    ${line}`).join('\n');
      const again = `--parts power-loss --seed ${seed} --only ${number} --recordings ${recordings}`;
      failures.push({ number, message: `state ${number} (${again}): ${message.trim()}\n${story}` });
      say(failures.at(-1)?.message ?? '');
    }
    if (++done % 50 === 0) say(`${done} states, ${failures.length} failed`);
  };
  const runScenario = async (at: number) => {
    const place = join(recordings, `scenario-${at}`);
    const machine = new Machine(place, preload);
    const bench = await record(makers[at](machine), machine, place);
    const first = only ?? at;
    for (let number = first; number < (only ?? states - 1) + 1; number += makers.length)
      await runState(bench, number);
  };
  const wanted = only === undefined ? [...makers.keys()] : [only % makers.length];
  const lane = async () => {
    for (let at = wanted.shift(); at !== undefined; at = wanted.shift()) await runScenario(at);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  if (failures.length === 0 && options.recordings === undefined)
    rmSync(recordings, { recursive: true });
  return { outcomes, failures: failures.sort((a, b) => a.number - b.number) };
}

function scenarioMakers(
  { conversions, streams, seed }: PowerLossOptions,
  recordings: string,
): ((machine: Machine) => Scenario)[] {
  const sources = join(recordings, 'sources');
  return [
    ...conversions.map(
      ([kind, durability]) =>
        ({ output }: Machine) =>
          new Conversion(kind, durability, join(sources, `${kind}-${durability}`), output),
    ),
    ...Array.from({ length: streams }, (_, at) => ({ output }: Machine) => {
      const durability = at % 3 === 2 ? 'process' : 'power';
      return new Streaming(durability, seed, at, sources, output);
    }),
  ];
}

const wordsOf = (outcomes: ReadonlyMap<Outcome, number>): string =>
  [...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join('; ');

/** Continues conversions from states that a power failure may leave. */
export const powerLoss: Part = {
  name: 'power-loss',
  async run(options) {
    const skipped = whyNoPreload();
    if (skipped) return { skipped };
    const { outcomes, failures } = await simulatePowerLoss({
      ...options,
      streams: 9,
      conversions: [
        ['slow', 'power'],
        ['slow', 'power'],
        ['slow', 'process'],
        ['none', 'process'],
        ['gzip', 'power'],
        ['mixed', 'process'],
      ],
    });
    const summary = wordsOf(outcomes);
    if (failures.length > 0)
      throw new Error(
        `${failures.length} states failed, the first: ${failures[0].message}\n${summary}`,
      );
    return { summary };
  },
};
