import { formatBytes } from '../index.js';
import { formatWholeSeconds } from './format.js';

/** The state of some work at one moment. */
export interface ProgressState {
  /** Name of the work: `convert`. */
  readonly label: string;
  readonly bytesRead: number;
  readonly bytesPlanned: number;
  readonly bytesPerSecond: number | undefined;
}

const MAX_BAR = 40;
const SHORTEST_BAR = 8;
/** Room for the longest numbers, so that the bar keeps its length. */
const NUMBERS = '  45 %  1023 MiB of 1023 MiB  1023 MiB/s  59 min 59 s left'.length;

/** `convert 45 %, 1.2 GiB of 2.6 GiB, 210 MiB/s, 7 s left`. */
export function progressLine(state: ProgressState): string {
  return `${state.label} ${[percent(state), ...details(state)].join(', ')}`;
}

/**
 * The same with a bar before the numbers, in at most `width` characters. If the line is too long, the
 * bar is left out first, then the end of the line is cut.
 */
export function progressBar(state: ProgressState, width: number): string {
  const room = width - state.label.length - NUMBERS - '  []'.length;
  if (room < SHORTEST_BAR) return progressLine(state).slice(0, Math.max(0, width));
  const length = Math.min(room, MAX_BAR);
  const bar = '='.repeat(Math.floor(length * share(state))).padEnd(length);
  const numbers = [percent(state).padStart(5), ...details(state)].join('  ');
  return `${state.label} [${bar}] ${numbers}`.slice(0, width);
}

function share({ bytesRead, bytesPlanned }: ProgressState): number {
  return bytesPlanned > 0 ? Math.min(1, bytesRead / bytesPlanned) : 1;
}

/** Rounded down, so that 100 % means done. */
function percent(state: ProgressState): string {
  return `${Math.floor(100 * share(state))} %`;
}

function details({ bytesRead, bytesPlanned, bytesPerSecond }: ProgressState): string[] {
  const texts = [`${formatBytes(bytesRead)} of ${formatBytes(bytesPlanned)}`];
  if (bytesPerSecond === undefined) return texts;
  texts.push(`${formatBytes(bytesPerSecond)}/s`);
  const left = bytesPlanned - bytesRead;
  if (left > 0) texts.push(`${formatWholeSeconds(left / bytesPerSecond)} left`);
  return texts;
}
