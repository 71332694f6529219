import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './built.js';
import type { Part } from './part.js';

/** Fuzzers of user input, with fast-check: .npy files and manifests. */
export const inputFuzz: Part = {
  name: 'input-fuzz',
  async run({ seconds, seed }) {
    const config = join(ROOT, 'stress/bad-input/vitest.config.ts');
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const env = { FUZZ_SECONDS: String(seconds), FUZZ_SEED: String(seed) };
    const output = await runProgram([vitest, 'run', '--config', config], env);
    const lines = output.match(/\b(npy|manifest): \d+ inputs.*$/gm) ?? [];
    if (lines.length < 2) throw new Error(`Expected two fuzzers to run but received: ${output}`);
    return { summary: lines.join('; ') };
  },
};

/** How many times as many random cases as in `npm test`. */
const EFFORT = 5;

/** The tests of `npm test` with random cases, with more of them. */
export const tests: Part = {
  name: 'tests',
  async run() {
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join('test', name))
      .filter((path) => readFileSync(join(ROOT, path), 'utf8').includes('support/effort.js'));
    const env = { HYPERSLAB_TEST_EFFORT: String(EFFORT) };
    const output = await runProgram([vitest, 'run', '--testTimeout=0', ...files], env);
    const [line] = output.match(/(?<=Tests +)\d+ passed.*$/m) ?? [];
    if (!line) throw new Error(`Expected a count of tests but received: ${output}`);
    return { summary: `${files.length} files, ${line}` };
  },
};

/** Fuzzers of the native code, with sanitizers. */
export const nativeFuzz: Part = {
  name: 'native-fuzz',
  async run({ seconds, seed }) {
    for (const tool of ['cmake', process.env.CXX ?? 'c++'])
      if (spawnSync(tool, ['--version']).error) return { skipped: `${tool} is not installed` };
    const args = ['--seconds-each', String(seconds), '--seed', String(seed)];
    const output = await runProgram([join(ROOT, 'native/scripts/fuzz.mjs'), ...args], {});
    const lines = output.match(/^fuzz_\w+: .*$|^\d+ of \d+ programs.*$/gm) ?? [];
    return { summary: lines.join('; ') };
  },
};

/** Runs a Node program, and returns what it printed. @throws Error with its output if its exit code is not 0 */
function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${args[0]} ended with ${signal ?? code}:\n${output}`));
    });
  });
}
