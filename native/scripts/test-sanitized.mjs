// Runs tests with an addon that was built with sanitizers. Exits with 1 if a sanitizer reported
// anything or a test failed, with 2 if the build failed. Arguments are test files and folders, which
// are run instead of TESTS.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build, main, printReports, ROOT, runtimes, sanitizerEnv } from './sanitizers.mjs';

/** The tests that call most of the addon. */
const TESTS = ['test/hdf5', 'test/native', 'test/coordinator/gather', 'test/access'];
/** This test limits the address space, but sanitizers need terabytes of it. */
const LEFT_OUT = 'test/hdf5/out-of-memory.test.ts';

main(() => {
  const folder = join(ROOT, 'build/sanitized');
  const reports = join(folder, 'reports');
  console.log('Building the addon with sanitizers …');
  build(folder, 'h5lib');
  const given = process.argv.slice(2);
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', ...(given.length > 0 ? given : TESTS), '--exclude', LEFT_OUT],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: {
        ...sanitizerEnv(reports),
        LD_PRELOAD: runtimes(),
        HYPERSLAB_ADDON: join(folder, 'h5lib.node'),
      },
    },
  );
  const found = printReports(reports);
  const tests = status === 0 ? 'tests passed' : `tests failed (exit code ${status})`;
  console.log(`Sanitizers: ${found} reports, in ${reports}; ${tests}`);
  return found > 0 || status !== 0 ? 1 : 0;
});
