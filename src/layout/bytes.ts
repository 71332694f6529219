import { OptionError } from '../option-error.js';
import { plural } from '../wording.js';

/** Powers of ten. */
const DECIMAL: Readonly<Record<string, number>> = { '': 0, b: 0, kb: 3, mb: 6, gb: 9, tb: 12 };

/** Powers of two. A letter alone is binary, as in `docker run --memory` and Slurm's `--mem`. */
const POWERS: Readonly<Record<string, number>> = {
  ...{ k: 10, m: 20, g: 30, t: 40 },
  ...{ kib: 10, mib: 20, gib: 30, tib: 40 },
};

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/**
 * An amount of memory as whole bytes, rounded down: a number of bytes, or a text such as `'2GiB'` or `'2G'`
 * (2 * 2^30), `'500 MB'` (500 * 10^6) or `'2e9'`. The case of units does not matter.
 *
 * @param name the option's name in messages
 * @throws OptionError if it is not an amount of at least 0
 */
export function parseBytes(amount: number | string, name = 'an amount of bytes'): number {
  const bytes = typeof amount === 'number' ? Math.floor(amount) : parseText(amount);
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    throw new OptionError({
      name,
      expected: "a number of bytes, or a text such as '2GiB' or '500MB'",
      received: typeof amount === 'string' ? `'${amount}'` : String(amount),
    });
  }
  return bytes;
}

const AMOUNT = /^\s*(\d+(?:\.\d*)?|\.\d+)(?:e([+-]?\d+))?\s*([a-z]*)\s*$/i;

function parseText(text: string): number {
  const match = AMOUNT.exec(text);
  if (!match) return Number.NaN;
  const [, digits, exponent = '0'] = match;
  const unit = match[3].toLowerCase();
  if (Object.hasOwn(POWERS, unit))
    return Math.floor(Number(`${digits}e${exponent}`) * 2 ** POWERS[unit]);
  if (!Object.hasOwn(DECIMAL, unit)) return Number.NaN;
  // The unit goes into the exponent, because 1.001 * 1000 is less than 1001.
  return Math.floor(Number(`${digits}e${Number(exponent) + DECIMAL[unit]}`));
}

/** Less memory than any conversion needs, in bytes. */
const LEAST_WITHOUT_UNIT = 2 ** 20;

/**
 * Like {@link parseBytes}, but refuses a text that lacks its unit, such as `'8'`. A number counts bytes.
 *
 * @throws OptionError
 */
export function parseMemory(amount: number | string, name: string): number {
  const bytes = parseBytes(amount, name);
  const hasUnit = typeof amount === 'number' || /[a-z]\s*$/i.test(amount);
  if (hasUnit || bytes === 0 || bytes >= LEAST_WITHOUT_UNIT) return bytes;
  const meant = bytes < 128 ? `${bytes}GiB` : `${bytes}MiB`;
  throw new OptionError({
    name,
    expected: "an amount with its unit, such as '2GiB' or '500MB',",
    received: `'${amount}'`,
    hint: `${plural(bytes, 'byte')}? Write ${meant}`,
  });
}

/** Bytes as text, in binary units and with at most four digits: `512 B`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // Rounding before the comparison makes 1023.99 KiB 1 MiB instead of 1024 KiB.
  while (Math.abs(rounded(value)) >= 1024 && unit < BINARY.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${rounded(value)} ${BINARY[unit]}`;
}

function rounded(value: number): number {
  const digits = Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 10 ? 10 : 100;
  return Math.round(value * digits) / digits;
}
