import type { Random } from '../random.js';
import type { CrashChoice } from './disk.js';
import { type Choice, PAGE, type Page } from './disk-file.js';
import type { Version } from './history.js';
import type { LogEvent } from './log.js';
import type { NameOrder } from './names.js';

/** Which of the changes that were not synced have reached the disk. */
const WAYS = [
  'nothing',
  'everything',
  /** All of the journal, and nothing else: chunks are on record but missing. */
  'journal first',
  /** All of the journal, and all other pages but a few, which are easily overlooked. */
  'few lost',
  'few lost',
  /** All except for the journal. */
  'journal last',
  /** Each page as at any moment. */
  'any',
  /** Most pages in their last state, the others as at any moment. */
  'most',
  /** Each file as a whole as at one moment. */
  'moment',
  /** As `any`, but some pages are a mixture of two states, by sectors. */
  'torn',
] as const;

type Way = (typeof WAYS)[number];

/** A power failure. */
export interface Crash extends CrashChoice {
  readonly way: Way;
}

const SECTOR = 512;

/** Draws what a power failure leaves. */
export function drawCrash(random: Random): Crash {
  const way = random.pick(WAYS);
  const order: NameOrder = random.chance(0.75) ? 'journal' : 'posix';
  const names = {
    order,
    count: (min: number, max: number) => random.pick([min, max, random.whole(min, max + 1)]),
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
      // Drawn at the first call, which is for the file's times: every change has one.
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
 * Draws how many events of a log come before the crash. Three kinds of points are more likely: where a sync begins,
 * because most data are unsynced there; just after a sync, rename or unlink, which change what must hold; and near
 * the end, where the file gets its name.
 */
export function drawCrashPoint(random: Random, events: readonly LogEvent[]): number {
  const { length } = events;
  if (length === 0) return 0;
  const near = (isMark: (event: LogEvent) => boolean, distance: number) => {
    const marks = events.flatMap((event, at) => (isMark(event) ? [at + 1] : []));
    return random.pick(marks.length > 0 ? marks : [length]) + random.whole(0, distance);
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
