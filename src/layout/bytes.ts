import { OptionError } from '../option-error.js';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/**
 * An amount of memory as whole bytes, rounded down: a number of bytes, or a text such as `'2GiB'`
 * (2 * 2^30), `'500MB'` (500 * 10^6) or `'1.5 GiB'`. The case of units does not matter.
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

function parseText(text: string): number {
  const match = /^\s*(\d+(?:\.\d*)?|\.\d+)\s*([a-z]*)\s*$/i.exec(text);
  if (!match) return Number.NaN;
  const unit = match[2].toLowerCase();
  return Object.hasOwn(UNITS, unit) ? Math.floor(Number(match[1]) * UNITS[unit]) : Number.NaN;
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
