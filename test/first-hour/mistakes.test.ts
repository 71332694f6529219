import { describe, test } from 'vitest';
import { canMount } from '../support/disk.js';
import { FILES, OPTIONS } from './commands.js';
import { DATES } from './dates.js';
import { AFTERWARDS, DISKS, RIGHTS, STOPPED } from './interruptions.js';
import { KEYS, NUMBERS } from './keys.js';
import { expectMistake, type Mistake } from './mistake.js';
import { OUTPUTS } from './output.js';
import { RECORDINGS, TABLES } from './sources.js';
import { TEXTS } from './texts.js';

/**
 * The mistakes of a first hour with hyperslab. The tables are transcripts: a message that is not clear when it is read aloud
 * is a fault of the code that makes it, even if the test passes.
 */
const TABLE: Readonly<Record<string, readonly Mistake[]>> = {
  'keys of the manifest': KEYS,
  'numbers of the manifest': NUMBERS,
  'dates and the subject': DATES,
  'the text of the manifest': TEXTS,
  recordings: RECORDINGS,
  'tables and timestamps': TABLES,
  'commands and options': OPTIONS,
  'files of a command': FILES,
  'the output': OUTPUTS,
  'a conversion that stops': STOPPED,
  'an interrupted conversion': AFTERWARDS,
};

describe.each(Object.entries(TABLE))('%s: a user who', (_, mistakes) => {
  test.each(mistakes)('$user', expectMistake);
});

// Root passes over permissions, unless it gives up that right, which `setpriv` of Linux does.
const canGiveUp = process.platform === 'linux' && process.getuid?.() === 0;
describe.skipIf(!canGiveUp)('rights: a user who', () => {
  test.each(RIGHTS)('$user', expectMistake);
});

describe.skipIf(!canMount)('disks: a user who', () => {
  test.each(DISKS)('$user', expectMistake);
});
