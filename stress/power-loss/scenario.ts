import type { Random } from '../random.js';
import type { LogEvent } from './log.js';

export type Durability = 'process' | 'power';

/** What a conversion must give though it was interrupted. */
export interface Promised {
  /** Rows of each stream that were acknowledged and are to survive what happened. */
  readonly rows: readonly number[];
}

/** A way to go on with what was interrupted: Node's arguments. */
export type Command = readonly string[];

/** A conversion that is interrupted. */
export interface Scenario {
  readonly name: string;
  readonly durability: Durability;
  /** Whether its data can be read again, so that it comes out whole whatever happened. */
  readonly isRepeatable: boolean;
  /** Name of the file in the output folder. */
  readonly filename: string;
  /** Makes what it needs, once. */
  prepare(): void;
  begin(): Command;
  /** Slows down the first process, so that more happens in it. */
  readonly beginEnvironment: NodeJS.ProcessEnv;
  /** Goes on, as most users would. */
  goOn(random: Random): Command;
  /** What a refusal of that advises. */
  insist(how: 'begin' | 'overwrite' | 'incomplete'): Command;
  /** By stream, how many rows the events acknowledge. */
  acknowledged(events: readonly LogEvent[]): readonly number[];
  /** @throws Error where the file is not whole, or holds a wrong value */
  check(path: string, promised: Promised, random: Random): Promise<void>;
}
