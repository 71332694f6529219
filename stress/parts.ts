import { diskFull } from './disk-full.js';
import { inputFuzz, nativeFuzz, tests } from './fuzzers.js';
import { journalCut } from './journal-cut.js';
import { journalFuzz } from './journal-fuzz.js';
import { kills } from './kills/kills.js';
import { metadata } from './metadata.js';
import type { Part } from './part.js';
import { powerLoss } from './power-loss/power-loss.js';
import { writeBack } from './write-back.js';

/** All parts of the stress run by name, in the order in which they run. */
export const PARTS: ReadonlyMap<string, Part> = new Map(
  [
    kills,
    powerLoss,
    journalCut,
    metadata,
    diskFull,
    writeBack,
    journalFuzz,
    tests,
    inputFuzz,
    nativeFuzz,
  ].map((part) => [part.name, part]),
);
