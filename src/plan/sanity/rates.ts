import type { DType } from '../../layout/index.js';
import { threeDigits } from '../../wording.js';
import type { Series } from './series.js';

/** What a series says about its time. */
export interface Timing {
  readonly dtype: DType;
  /** Lengths of the axes of the data. */
  readonly shape: readonly number[];
  /** Bytes of the data. */
  readonly bytes: number;
  readonly seconds: number | null;
}

const DAY = 24 * 3600;
const LONGEST = 7 * DAY;
/** Even transient recorders of ultrasound sample at less than 10 MHz; a number above is in another unit. */
const HIGHEST_RATE = 1e7;
/** Field potentials and electroencephalograms are stored at 100 Hz or more, because they reach beyond 40 Hz. */
const LOWEST_ELECTRICAL_RATE = 100;
/**
 * Sampling rates of amplifiers in kHz: Intan, Open Ephys and Neuropixels (20, 25, 30, and 2.5 for field potentials), TDT
 * (24.414), Blackrock (30), Neuralynx (32), Plexon (40). No amplifier samples integers at that many Hz.
 */
const KILOHERTZ = [2.5, 20, 24.414, 25, 30, 32, 40];
/** From here on, less than a second is too short for a recording. Images are larger, and are checked by nobody. */
const LARGE = 64 * 1024 * 1024;
/** Below, weeks are common: temperature, weight, activity of a home cage. */
const SLOW = 10;

/** Warns of a sampling rate that is hardly in Hz, or a duration that is hardly true. */
export function rateWarnings(series: Series, { dtype, shape, bytes, seconds }: Timing): string[] {
  const { path, rate, isElectrical } = series;
  const given = rate ?? (seconds ? (shape[0] - 1) / seconds : undefined);
  if (given === undefined || !Number.isFinite(given)) return [];
  const source = rate === undefined ? `timestamps of ${threeDigits(given)} Hz` : `rate ${rate} Hz`;
  if (given > HIGHEST_RATE)
    return [`${path}: ${source} is above 10 MHz: is it in mHz, or are the timestamps not seconds?`];
  if (isElectrical && given < LOWEST_ELECTRICAL_RATE) {
    const isKilohertz = KILOHERTZ.some((one) => Math.abs(given / one - 1) < 0.02);
    const isRaw = dtype.includes('int');
    if ((isKilohertz && isRaw) || (seconds ?? 0) > DAY)
      return [
        `${path}: ${source} for an ElectricalSeries of ${durationText(seconds)}, where 250 Hz to 50 kHz are common: ` +
          (rate === undefined ? 'are the timestamps in seconds?' : 'is the rate in kHz?'),
      ];
  }
  if (seconds === null) return [];
  if (seconds > LONGEST && (isElectrical || given >= SLOW))
    return [
      `${path}: ${source} makes ${durationText(seconds)}, more than 7 days: ` +
        (rate === undefined
          ? 'are the timestamps in seconds, not in ms or samples?'
          : 'is the rate in kHz?'),
    ];
  if (seconds < 1 && bytes >= LARGE && shape.length <= 2)
    return [
      `${path}: ${source} makes ${threeDigits(seconds)} s of ${shape[0]} samples, under a second: is the rate in Hz?`,
    ];
  return [];
}

function durationText(seconds: number | null): string {
  if (seconds === null) return 'unknown duration';
  return seconds > DAY ? `${threeDigits(seconds / DAY)} days` : `${threeDigits(seconds)} s`;
}
