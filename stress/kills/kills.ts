import { join } from 'node:path';
import { type Part, type PartOptions, runCases } from '../part.js';
import { makeRecording, SIZES } from '../recording.js';
import { missingReaders } from './checks.js';
import { interruptedConversion } from './conversion.js';
import { PHASES, type Phase } from './left.js';
import { References } from './references.js';

export interface KillOptions extends Omit<PartOptions, 'seconds' | 'states' | 'recordings'> {
  readonly size: keyof typeof SIZES;
}

/** How often a process was killed in each phase. */
export type Killed = Record<Phase, number>;

/**
 * Kills conversions at random moments, and resumes them. Each must end as if it had not been interrupted.
 *
 * @throws Error for the first one that does not, with its number
 */
export async function killConversions(options: KillOptions): Promise<Killed> {
  const { folder, size, kills, seed, say } = options;
  const recording = join(folder, 'recording');
  makeRecording(recording, SIZES[size]);
  const references = new References(join(folder, 'references'), recording);
  const missing = missingReaders();
  for (const reader of missing) say(`${reader} is not installed, so its checks are skipped`);
  const bench = { folder, recording, references, seed, missing };
  const killed = Object.fromEntries(PHASES.map((phase) => [phase, 0])) as Killed;
  await runCases(
    options,
    () => totalOf(killed) >= kills,
    async (number) => {
      for (const phase of await interruptedConversion(bench, number)) killed[phase]++;
      if (number % 10 === 9) say(`${number + 1} conversions, ${killText(killed)}`);
    },
  );
  return killed;
}

const totalOf = (killed: Killed): number => PHASES.reduce((sum, phase) => sum + killed[phase], 0);

/** Kills by phase, on one line. */
export function killText(killed: Killed): string {
  const parts = PHASES.map((phase) => `${killed[phase]} ${phase}`);
  return `${totalOf(killed)} kills: ${parts.join(', ')}`;
}

export const kills: Part = {
  name: 'kills',
  async run(options) {
    return { summary: killText(await killConversions({ ...options, size: 'full' })) };
  },
};
