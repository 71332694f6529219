import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Test files that change settings of their process, which other files would inherit. */
const OWN_PROCESS = ['test/coordinator/dying-workers.test.ts'];

const shared = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    // Conversions start threads of their own, so that more processes than this gain nothing.
    maxWorkers: Math.min(availableParallelism(), 8),
    projects: [
      {
        // Loading the library again takes longer than most files need for their tests.
        test: {
          ...shared,
          name: 'files',
          include: ['test/**/*.test.ts'],
          exclude: OWN_PROCESS,
          isolate: false,
        },
      },
      { test: { ...shared, name: 'own-process', include: OWN_PROCESS } },
    ],
  },
});
