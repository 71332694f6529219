import { test as base } from 'vitest';
import { type Recording, recording } from './interrupted.js';
import { tempFolder } from './recordings.js';

interface Fixtures {
  /** A new folder, which is removed when the test has ended. */
  readonly folder: string;
  /** A recording in the folder, which no test has converted yet. */
  readonly recording: Recording;
}

/** vitest's `test`, with fixtures for tests of conversions. A fixture is made only for tests that name it. */
export const test = base.extend<Fixtures>({
  folder: ({ task: _ }, use) => use(tempFolder()),
  recording: ({ folder }, use) => use(recording(folder)),
});
