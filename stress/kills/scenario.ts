import type { Random } from '../random.js';
import { COMPRESSIONS, type Compression } from '../recording.js';
import type { Left } from './left.js';
import type { Trigger } from './trigger.js';

/** A conversion that is to be interrupted. */
export interface Scenario {
  readonly compression: Compression;
  readonly libver: 'earliest' | 'v110';
  /** It is killed at most this many times. */
  readonly kills: number;
}

/** How a process is told to convert. `resume` gets no description, only the journal. */
export type How = 'convert' | 'convert --resume' | 'resume';

/** One process that begins or continues a conversion. */
export interface Run {
  /** The command line, or a program that uses the library. */
  readonly through: 'cli' | 'library';
  readonly how: How;
  readonly workers: number;
  readonly memory: string;
  readonly durability: 'process' | 'power';
  readonly check: boolean;
}

/** The same run for a conversion that was not begun, so that there may be nothing to resume. */
export function beginning(run: Run): Run {
  return { ...run, how: run.check ? 'convert --resume' : 'convert' };
}

/** How long a conversion takes without interruption. */
export interface Usual {
  readonly seconds: number;
  /** From the last chunk to the end of the process. */
  readonly closeSeconds: number;
}

export function drawScenario(random: Random): Scenario {
  return {
    compression: random.pick(COMPRESSIONS),
    libver: random.pick(['earliest', 'v110']),
    kills: random.pick([1, 1, 2, 2, 3, 4, 5]),
  };
}

/** KiB that a worker needs to convert one chunk at a time, with a small margin. */
export function leastMemory({ compression }: Scenario): number {
  return compression === 'none' ? 650 : 2775;
}

/** Draws a run that continues a conversion. */
export function drawRun(random: Random, scenario: Scenario): Run {
  const workers = random.whole(1, 4);
  // From jobs of a single chunk to as few jobs as possible.
  const memory = `${workers * leastMemory(scenario) * random.pick([1, 1, 2, 20])}KiB`;
  return {
    through: random.chance(0.4) ? 'library' : 'cli',
    how: random.pick(['convert --resume', 'resume']),
    workers,
    memory,
    durability: random.chance(0.25) ? 'power' : 'process',
    check: random.chance(0.2),
  };
}

/** Bytes that a chunk takes in a record. */
const BYTES_ON_RECORD = 32;

const KINDS = [
  'beginning',
  'middle',
  'end',
  'journal',
  'journal',
  'journal',
  'file',
  'written',
  'complete',
] as const;

/**
 * Draws when a process is killed: at any time of its life, and often in steps that take little time.
 *
 * @param left what the process before left; undefined for the first process
 */
export function drawTrigger(
  random: Random,
  { seconds, closeSeconds }: Usual,
  left: Left | undefined,
  chunkCount: number,
): Trigger {
  const soon = (max: number) => (random.chance(0.5) ? 0 : random.between(0, max));
  const life = (from: number, to: number): Trigger => ({
    kind: 'start',
    delay: random.between(from, to) * 1000 * seconds,
  });
  const kind = random.pick(KINDS);
  switch (kind) {
    case 'beginning':
      return life(0, 0.5);
    case 'middle':
      return life(0.3, 1);
    case 'end':
      return life(0.9, 1.02);
    case 'journal': {
      const missing = chunkCount - (left?.chunks.size ?? 0);
      return { kind, bytes: random.next() * missing * BYTES_ON_RECORD, delay: soon(20) };
    }
    case 'file':
      return { kind, ending: random.pick(['.journal', '.partial', '', '']), delay: soon(5) };
    case 'written':
      return { kind, delay: random.between(0, 1000 * closeSeconds) };
    case 'complete':
      return { kind, delay: soon(1) };
  }
}

/** Whether the process has to print when all chunks are written, which only a program of the library does. */
export function needsWord({ kind }: Trigger): boolean {
  return kind === 'written' || kind === 'complete';
}
