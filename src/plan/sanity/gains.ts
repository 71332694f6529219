import { threeDigits } from '../../wording.js';
import type { Series } from './series.js';
import type { Amounts } from './statistics.js';

/** Volts. Amplifiers of electrodes are supplied with 5 V or less, and saturate at millivolts of their input. */
const WIDEST = 10;
const LOUDEST = 1;
/** Volts. The noise of an amplifier is a hundred times larger; averages of many trials reach 100 nV. */
const NARROWEST = 1e-8;
/** Where offset-binary converters of 16 bits have their zero, and how far from it recordings have their mean. */
const OFFSET_BINARY = 2 ** 15;
const NEAR_ZERO = 2 ** 12;

/** Warns of an ElectricalSeries whose values are hardly volts. */
export function gainWarnings(
  series: Series,
  { min, max, rms }: Amounts,
  meanStored: number,
): string[] {
  const { path, isElectrical, conversion, offset, channelConversion, data } = series;
  if (!isElectrical) return [];
  const isInteger = data.dtype.includes('int');
  const isUnscaled = conversion === 1 && !channelConversion?.length && offset === 0;
  // The description's warning about integers in volts says it all.
  if (isInteger && isUnscaled) return [];
  const seen = `${path}: values are ${threeDigits(min)} to ${threeDigits(max)} V, RMS ${threeDigits(rms)} V`;
  const range = max - min;
  if (range > WIDEST || rms > LOUDEST)
    return [
      `${seen}, where recordings stay within some mV: ` +
        (conversion === 1
          ? 'are the data in microvolts (conversion 1e-6)?'
          : `is conversion ${conversion} in volts per unit of the data?`),
    ];
  if (range > 0 && range < NARROWEST)
    return [
      `${seen}, where noise alone is some microvolts: is the conversion ${conversion} applied already, or twice?`,
    ];
  if (data.dtype === 'uint16' && offset === 0 && isNear(meanStored))
    return [
      `${path}: uint16 data have their mean at ${threeDigits(meanStored)}, and offset is 0: ` +
        `for data with their zero at 32768, give an offset of -32768 times the conversion`,
    ];
  return [];
}

function isNear(mean: number): boolean {
  return Math.abs(mean - OFFSET_BINARY) < NEAR_ZERO;
}
