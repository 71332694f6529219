import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

/** The test programs of native/. */
const PROGRAMS = ['kernels_test', 'encoder_test', 'flush_test', 'ranges_test'];

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A runtime of sanitizers is there where the tests run with a sanitized addon. */
const SANITIZED = process.env.LD_PRELOAD?.includes('asan') ?? false;
const FOLDER = `${ROOT}build/${SANITIZED ? 'sanitized' : 'native-tests'}`;

/** Runs without what vitest had to load first. */
function run(program: string, args: readonly string[]) {
  const { LD_PRELOAD: _, ...env } = process.env;
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
  return { status, error, output: `${stdout}${stderr}` };
}

beforeAll(() => {
  const settings = SANITIZED
    ? ['CMAKE_BUILD_TYPE=RelWithDebInfo', 'HYPERSLAB_SANITIZE=ON']
    : ['CMAKE_BUILD_TYPE=Release'];
  const options = [...settings, 'HYPERSLAB_TESTS=ON'].map((setting) => `-D${setting}`);
  const jobs = String(availableParallelism());
  const built = [
    run('cmake', ['-S', ROOT, '-B', FOLDER, ...options]),
    run('cmake', ['--build', FOLDER, '--target', 'native_tests', '--parallel', jobs]),
  ];
  for (const step of built) expect(step, step.output).toMatchObject({ status: 0 });
}, 600_000);

test.each(PROGRAMS)(
  '%s finds nothing on any path',
  (program) => {
    const { status, output } = run(`${FOLDER}/${program}`, []);
    expect(status, output).toBe(0);
    expect(output).toMatch(/^[1-9]\d* checks$/m);
    expect(output).toMatch(
      process.arch === 'arm64' ? /^paths: plain neon$/m : /^paths: plain( avx2( avx512)?)?$/m,
    );
  },
  600_000,
);
