import type { Random } from '../random.js';
import type { CrashChoice } from './disk.js';
import { type Choice, PAGE, type Page } from './disk-file.js';
import type { Version } from './history.js';
import type { LogEvent } from './log.js';
import type { NameOrder } from './names.js';

/** What comes to the disk of what was not synced. */
const WAYS = [
  /** Nothing. */
  'nothing',
  /** All. */
  'everything',
  /** All of the journal, and nothing of the rest: it is on record, and not there. */
  'journal first',
  /** All of the journal, and of the rest all but few pages, which are easily overlooked. */
  'few lost',
  'few lost',
  /** The other way round. */
  'journal last',
  /** Of each page anything. */
  'any',
  /** Most pages as they were last. */
  'most',
  /** A file as it was at a moment. */
  'moment',
  /** Of each page anything, and some pages are a mixture of two states, by sectors. */
  'torn',
] as const;

type Way = (typeof WAYS)[number];

/** A loss of power. */
export interface Crash extends CrashChoice {
  readonly way: Way;
}

const SECTOR = 512;

/** Draws what a loss of power leaves. */
export function drawCrash(random: Random): Crash {
  const way = random.pick(WAYS);
  const order: NameOrder = random.chance(0.75) ? 'journal' : 'posix';
  const names = {
    order,
    count: (least: number, most: number) =>
      random.pick([least, most, random.whole(least, most + 1)]),
    has: () => random.chance(0.5),
  };
  return { way, names, file: (name) => choiceOf(way, name, random) };
}

function choiceOf(way: Way, name: string, random: Random): Choice {
  const isJournal = name.endsWith('.journal');
  const oldest = <T>(versions: readonly Version<T>[]) => versions[0];
  const newest = <T>(versions: readonly Version<T>[]) => versions[versions.length - 1];
  const any = <T>(versions: readonly Version<T>[]) => random.pick(versions);
  const mostly = <T>(versions: readonly Version<T>[]) =>
    random.chance(0.9) ? newest(versions) : any(versions);
  const nearly = <T>(versions: readonly Version<T>[]) =>
    random.chance(0.94) ? newest(versions) : oldest(versions);
  switch (way) {
    case 'nothing':
      return choice(oldest, oldest);
    case 'everything':
      return choice(newest, newest);
    case 'journal first':
      return isJournal ? choice(newest, newest) : choice(any, oldest);
    case 'few lost':
      return isJournal ? choice(newest, newest) : choice(newest, nearly);
    case 'journal last':
      return isJournal ? choice(any, oldest) : choice(newest, newest);
    case 'any':
      return choice(any, any);
    case 'most':
      return choice(mostly, mostly);
    case 'moment': {
      // Drawn from the first versions that are asked for, which are the times of all changes.
      const share = random.next();
      let moment: number | undefined;
      const at = <T>(versions: readonly Version<T>[]) => {
        moment ??=
          oldest(versions).moment + share * (newest(versions).moment - oldest(versions).moment);
        return versions.findLast((version) => version.moment <= (moment as number)) ?? versions[0];
      };
      return choice(at, at);
    }
    case 'torn':
      return {
        ...choice(any, any),
        page: (versions) => torn(any(versions).value, any(versions).value, random),
      };
  }
}

type Pick = <T>(versions: readonly Version<T>[]) => Version<T>;

const choice = (size: Pick, page: Pick): Choice => ({
  size,
  time: size,
  page: (versions) => page(versions).value,
});

function torn(one: Page, other: Page, random: Random): Page {
  if (one === other || random.chance(0.7)) return one;
  const mixed = one?.slice() ?? new Uint8Array(PAGE);
  for (let at = 0; at < PAGE; at += SECTOR)
    if (random.chance(0.5))
      mixed.set(other?.subarray(at, at + SECTOR) ?? new Uint8Array(SECTOR), at);
  return mixed;
}

const isSyncOfData = (event: LogEvent) =>
  event.kind === 'sync' && event.name !== '' && !event.name.endsWith('.journal');

/**
 * Draws how many events of a log come before the crash: any number, and more often where a sync begins,
 * since most is unsynced there, just behind what changes the promised, or among the last, where the file
 * gets its name.
 */
export function drawCrashPoint(random: Random, events: readonly LogEvent[]): number {
  const { length } = events;
  if (length === 0) return 0;
  const near = (isMark: (event: LogEvent) => boolean, most: number) => {
    const marks = events.flatMap((event, at) => (isMark(event) ? [at + 1] : []));
    return random.pick(marks.length > 0 ? marks : [length]) + random.whole(0, most);
  };
  const wanted = random.pick([
    random.whole(0, length + 1),
    near(isSyncOfData, 2),
    near(isSyncOfData, 2),
    near(({ kind }) => kind === 'sync', 2),
    near(({ kind }) => kind === 'synced' || kind === 'rename' || kind === 'unlink', 5),
    length - random.whole(0, 25),
  ]);
  return Math.min(length, Math.max(0, wanted));
}
