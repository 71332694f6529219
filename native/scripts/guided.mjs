import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, CommandError, ROOT } from './sanitizers.mjs';

/** Programs that libFuzzer guides, and the maximum length of their inputs. */
export const GUIDED = { fuzz_deflate: 1024, fuzz_decode: 8192 };

/** Folders for the programs, and for inputs and findings, which are kept between runs. */
const PROGRAMS = join(ROOT, 'build/guided');
const FOLDER = join(ROOT, 'build/fuzz');
const SEEDS = join(FOLDER, 'seeds');

/**
 * Builds the guided programs with clang, in a folder of their own, and writes their first inputs.
 * @throws CommandError
 */
export function buildGuided(clang) {
  const c = join(dirname(clang), basename(clang).replace('clang++', 'clang'));
  const compilers = [`CMAKE_CXX_COMPILER=${clang}`, `CMAKE_C_COMPILER=${c}`];
  // CMake forgets its options when the compiler changes.
  const cache = join(PROGRAMS, 'CMakeCache.txt');
  if (existsSync(cache) && !readFileSync(cache, 'utf8').includes(`=${clang}\n`))
    rmSync(PROGRAMS, { recursive: true });
  build(PROGRAMS, 'guided_fuzz', 'HYPERSLAB_GUIDED_FUZZ=ON', ...compilers);
  for (const name of Object.keys(GUIDED)) {
    const writer = join(PROGRAMS, `${name}_seeds`);
    const { status, stderr } = spawnSync(writer, [join(SEEDS, name)], { encoding: 'utf8' });
    if (status !== 0) throw new CommandError(`${writer} failed: ${stderr}`);
  }
}

/**
 * Runs a program for some seconds and prints the result. Inputs that reached new code are kept in a
 * corpus, with which the next run begins.
 * @returns whether it found nothing
 */
export function runGuided(name, seconds, seed) {
  const program = join(PROGRAMS, name);
  const corpus = makeFolder('corpus', name);
  const findings = makeFolder('findings', name);
  const before = new Set(readdirSync(findings));
  const options = {
    max_total_time: seconds,
    max_len: GUIDED[name],
    // libFuzzer takes a 32-bit number; 0 would mean a random seed.
    seed: (seed % 0xffff_fffe) + 1,
    artifact_prefix: `${findings}/`,
    print_final_stats: 1,
    timeout: 60,
    rss_limit_mb: 4096,
  };
  const settings = Object.entries(options).map(([key, value]) => `-${key}=${value}`);
  const { status, signal, stderr } = spawnSync(program, [...settings, corpus, join(SEEDS, name)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    env: guidedEnv(),
  });
  const log = join(FOLDER, `${name}.log`);
  writeFileSync(log, stderr);
  console.log(`${name}: ${summary(stderr)}`);
  if (status === 0) return true;

  process.stderr.write(reportOf(stderr));
  console.log(`${name} ended with ${signal ?? `exit code ${status}`}; all it printed is in ${log}`);
  for (const file of readdirSync(findings).filter((found) => !before.has(found)))
    console.log(`To run it again: ${program} ${join(findings, file)}`);
  return false;
}

function makeFolder(...names) {
  const folder = join(FOLDER, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** libFuzzer reads the reports itself, so they stay on stderr. */
function guidedEnv() {
  const { ASAN_OPTIONS, UBSAN_OPTIONS, ...env } = process.env;
  return { ...env, UBSAN_OPTIONS: 'print_stacktrace=1' };
}

/** As in "9200 inputs, 1180 places of the code reached, 540 inputs in the corpus". */
function summary(printed) {
  const runs = printed.match(/stat::number_of_executed_units: (\d+)/)?.[1] ?? '?';
  const status = [...printed.matchAll(/cov: (\d+) ft: \d+ corp: (\d+)/g)].at(-1);
  const [, places, kept] = status ?? [undefined, '?', '?'];
  return `${runs} inputs, ${places} places of the code reached, ${kept} inputs in the corpus`;
}

/** The report of the finding, without the progress before it. */
function reportOf(printed) {
  const first = printed.search(/^(found:|.*runtime error:|==\d+==)/m);
  return `\n${first < 0 ? printed.slice(-5000) : printed.slice(first)}\n`;
}
