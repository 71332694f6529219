import type { Random } from '../random.js';
import type { LogEvent } from './log.js';

export type Durability = 'process' | 'power';

/** What the file of an interrupted conversion must contain. */
export interface Promised {
  /** For each stream, the number of acknowledged rows that must survive. */
  readonly rows: readonly number[];
}

/** A process that begins or continues a conversion: the arguments of Node. */
export type Command = readonly string[];

/** A conversion that is interrupted. */
export interface Scenario {
  readonly name: string;
  readonly durability: Durability;
  /** Whether its data can be read again, so that the file must always become complete. */
  readonly isRepeatable: boolean;
  /** Name of the file in the output folder. */
  readonly filename: string;
  /** Makes its sources, unless they exist. */
  prepare(): void;
  begin(): Command;
  /** Environment of the first process. It may slow the process down, so that more syncs happen in it. */
  readonly beginEnvironment: NodeJS.ProcessEnv;
  /** Continues the conversion, as most users would. */
  proceed(random: Random): Command;
  /** Continues it as a refusal advises. */
  insist(how: 'begin' | 'overwrite' | 'incomplete'): Command;
  /** For each stream, the number of rows that the events acknowledge. */
  acknowledged(events: readonly LogEvent[]): readonly number[];
  /** @throws Error if the file is incomplete or holds a wrong value */
  check(path: string, promised: Promised, random: Random): Promise<void>;
}
