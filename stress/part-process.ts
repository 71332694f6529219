import { fork } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Outcome, PartOptions } from './part.js';
import { PARTS } from './parts.js';

/** A part that takes longer hangs. */
const MAX_MS = 60 * 60_000;

export interface PartResult {
  readonly state: 'passed' | 'skipped' | 'failed';
  readonly line: string;
}

type Given = Omit<PartOptions, 'say'>;

/** Runs a part in a process of its own, which may crash or hang. Removes its folder unless it failed. */
export async function runPart(name: string, options: Given): Promise<PartResult> {
  if (!PARTS.has(name))
    return { state: 'failed', line: `Expected one of ${[...PARTS.keys()].join(', ')}` };
  const { folder, seed, kills, states, seconds, only, recordings } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const args = ['--parts', name, '--folder', folder, '--seed', String(seed)];
  args.push('--kills', String(kills), '--states', String(states));
  args.push('--seconds-fuzz', String(seconds));
  if (recordings !== undefined) args.push('--recordings', recordings);
  if (only !== undefined) args.push('--only', String(only));
  const result = await new Promise<PartResult>((resolve) => {
    const child = fork(fileURLToPath(new URL('main.js', import.meta.url)), args);
    let received: PartResult | undefined;
    const timer = setTimeout(() => child.kill('SIGKILL'), MAX_MS);
    child.on('message', (message) => {
      received = message as PartResult;
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      const line = `its process ended with ${signal ?? code} (--seed ${seed}; files in ${folder})`;
      resolve(
        code === 0 && received ? received : { state: 'failed', line: received?.line ?? line },
      );
    });
  });
  if (result.state !== 'failed') rmSync(folder, { recursive: true });
  return result;
}

/** Runs a part in the process that `runPart` started, and sends back its result. */
export async function answerAsPart(options: Given, name: string): Promise<void> {
  const part = PARTS.get(name);
  const say = (line: string) => console.log(`        ${name}: ${line}`);
  let result: PartResult;
  try {
    const outcome = (await part?.run({ ...options, say })) as Outcome;
    result =
      'skipped' in outcome
        ? { state: 'skipped', line: outcome.skipped }
        : { state: 'passed', line: outcome.summary };
  } catch (error) {
    console.error(error);
    // The whole message was printed above.
    const [line] = (error as Error).message.split('\n');
    result = { state: 'failed', line };
  }
  process.send?.(result);
  process.disconnect();
}
