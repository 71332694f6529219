import { existsSync, linkSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../random.js';
import { checkFile, checkWithH5diff, checkWithH5py } from './checks.js';
import { argumentsOf, reportOf } from './commands.js';
import { chunksOf, type Left, lookAt, type OnRecord, type Phase, recordsBehind } from './left.js';
import { type Ended, runProcess } from './process.js';
import type { References } from './references.js';
import {
  beginning,
  drawRun,
  drawScenario,
  drawTrigger,
  needsWord,
  type Run,
  type Scenario,
} from './scenario.js';
import type { Trigger } from './trigger.js';

/** The recording and the folder for conversions that are interrupted. */
export interface Bench {
  readonly folder: string;
  readonly recording: string;
  readonly references: References;
  readonly seed: number;
  /** Other readers that are not installed. */
  readonly missing: readonly string[];
}

/** Shares of the files that are checked with other readers. */
const H5DIFF_SHARE = 0.5;
const H5PY_SHARE = 0.2;
/** Share of the processes before which something is tried that must be refused. */
const REFUSED_SHARE = 0.1;
const EXIT_REFUSED = 2;
/** The exit code if a conversion to the same output was interrupted. */
const EXIT_EXISTS = 5;

/**
 * Kills a conversion once or several times, resumes it to its end, and checks the file.
 *
 * @returns how far the conversion was at each kill
 * @throws Error that says what is wrong; the folder of the conversion is then kept
 */
export async function interruptedConversion(bench: Bench, number: number): Promise<Phase[]> {
  const random = new Random(bench.seed, number);
  const scenario = drawScenario(random);
  const reference = await bench.references.of(scenario);
  const conversion = new Conversion(bench, number, scenario, random);
  const phases: Phase[] = [];
  while (phases.length < scenario.kills) {
    const trigger = drawTrigger(random, reference.usual, conversion.left, reference.chunks);
    const drawn = drawRun(random, scenario);
    const run = needsWord(trigger) ? ({ ...drawn, through: 'library' } as const) : drawn;
    const phase = await conversion.run(run, trigger);
    if (!phase) break;
    phases.push(phase);
    if (phase === 'renamed, without its journal') break;
  }
  if (!conversion.isDone) await conversion.run(drawRun(random, scenario), undefined);
  const { path } = conversion;
  await checkFile(path, {
    ...scenario,
    ...bench,
    reference: reference.path,
    chunks: conversion.chunks,
  });
  if (random.chance(H5DIFF_SHARE) && !bench.missing.includes('h5diff'))
    checkWithH5diff(reference.path, path);
  if (random.chance(H5PY_SHARE) && !bench.missing.includes('h5py'))
    checkWithH5py(bench.recording, path);
  conversion.remove();
  return phases;
}

class Conversion {
  readonly path: string;
  left: Left | undefined;
  isDone = false;
  /** The chunks on record at the end; empty if one process did everything. */
  chunks: ReadonlyMap<string, OnRecord> = new Map();
  readonly #bench: Bench;
  readonly #scenario: Scenario;
  readonly #random: Random;
  readonly #folder: string;
  /** A second name of the journal, under which it can be read after it was removed. */
  readonly #journal: string;
  readonly #scratch: string;

  constructor(bench: Bench, number: number, scenario: Scenario, random: Random) {
    this.#bench = bench;
    this.#scenario = scenario;
    this.#random = random;
    this.#folder = join(bench.folder, `conversion-${number}`);
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(join(this.#folder, 'output'), { recursive: true });
    this.path = join(this.#folder, 'output/session.nwb');
    this.#journal = join(this.#folder, 'journal');
    this.#scratch = join(this.#folder, 'scratch');
  }

  /**
   * Runs a process that begins or continues the conversion.
   *
   * @returns how far the conversion was when the process was killed; undefined if the process ended by itself
   */
  async run(run: Run, trigger: Trigger | undefined): Promise<Phase | undefined> {
    const isBegun = this.left?.isBegun ?? false;
    await this.#checkRefusals(isBegun);
    this.#keepJournal();
    const ended = await this.#process(isBegun ? run : beginning(run), trigger);
    if (ended.code === undefined) return this.#killed();
    if (ended.code !== 0) throw new Error(`${wordsOf(run)} ended with ${wordsOf(ended)}`);
    this.#completed(ended);
    return undefined;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  /** Checks that wrong ways to continue are refused: to begin again, or to resume what was never begun. */
  async #checkRefusals(isBegun: boolean): Promise<void> {
    if (!this.left || !this.#random.chance(REFUSED_SHARE)) return;
    const drawn = { ...drawRun(this.#random, this.#scenario), through: 'cli' } as const;
    const run: Run = isBegun
      ? { ...drawn, how: 'convert', check: false }
      : { ...drawn, how: 'resume' };
    const ended = await this.#process(run);
    const errors = ended.stderr.split('\n').filter((line) => line.startsWith('error: '));
    if (ended.code !== (isBegun ? EXIT_EXISTS : EXIT_REFUSED) || errors.length !== 1)
      throw new Error(`Expected a refusal of ${wordsOf(run)} but received ${wordsOf(ended)}`);
  }

  #process(run: Run, trigger?: Trigger): Promise<Ended> {
    const args = argumentsOf(run, this.#scenario, { ...this.#bench, path: this.path });
    return runProcess(args, this.path, trigger);
  }

  #keepJournal(): void {
    rmSync(this.#journal, { force: true });
    if (existsSync(`${this.path}.journal`)) linkSync(`${this.path}.journal`, this.#journal);
  }

  #killed(): Phase {
    const left = lookAt(this.path, this.#scratch);
    this.#checkRecords();
    if (left.phase === 'renamed, without its journal') this.#done();
    else this.left = left;
    return left.phase;
  }

  #completed({ stdout }: Ended): void {
    this.#checkRecords();
    const { chunksRestored } = reportOf(stdout);
    const expected = this.left?.chunks.size ?? 0;
    if (chunksRestored !== expected)
      throw new Error(`${chunksRestored} chunks were restored of ${expected} that were on record`);
    this.#done();
  }

  #done(): void {
    // Includes the records of the last process, which removed its journal.
    if (existsSync(this.#journal)) this.chunks = chunksOf(this.#journal, this.#scratch);
    this.isDone = true;
  }

  /** @throws Error if a chunk that was on record was recorded again */
  #checkRecords(): void {
    if (!this.left?.isBegun) return;
    const behind = recordsBehind(this.#journal, this.left, this.#scratch);
    for (const name of behind.keys())
      if (this.left.chunks.has(name))
        throw new Error(`${name} was done again although it was on record`);
  }
}

/** Describes a run or its end, for errors. */
function wordsOf(what: Run | Ended): string {
  if ('through' in what) return JSON.stringify(what);
  return `${what.code ?? 'a signal'}: ${what.stderr}`;
}
