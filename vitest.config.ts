import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Test files that change their process for all files that it runs later. */
const OWN_PROCESS = [
  // Sets V8's flags.
  'test/coordinator/dying-workers.test.ts',
  // Load the built package: the addon throws the errors of the library that was loaded first.
  'test/stress/kills.test.ts',
  'test/stress/power-loss/power-loss.test.ts',
];

/** Test files that take longest: begun last, they would keep one core busy after all others have ended. */
const FIRST =
  /native\/programs|stress\/kills|power-loss\.test|dying-workers|cli\/resume|failing-system/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isFirst = ({ moduleId }: TestSpecification) => FIRST.test(moduleId);
    return [...sorted.filter(isFirst), ...sorted.filter((file) => !isFirst(file))];
  }
}

const limits = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    // Conversions start threads of their own, so that more processes than this gain nothing.
    maxWorkers: Math.min(availableParallelism(), 8),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        // One process runs many files: loading the library takes longer than most files need for their tests.
        test: {
          ...limits,
          name: 'files',
          include: ['test/**/*.test.ts'],
          exclude: OWN_PROCESS,
          isolate: false,
        },
      },
      { test: { ...limits, name: 'own-process', include: OWN_PROCESS } },
    ],
  },
});
