/** How messages put numbers, texts and errors into words. */
import type { ArgumentFields, StateFields } from './hyperslab-error.js';

/** A number with its unit: `1 byte`, `231 bytes`. */
export function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A number with three significant digits. */
export function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** A text as messages quote it: cut to `most` characters, on one line, with control characters escaped. */
export function excerpt(text: string, most = 60): string {
  const shown = text.length > most ? `${text.slice(0, most - 3)}...` : text;
  return shown.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return character === '\n' ? '\\n' : `\\u${code.padStart(4, '0')}`;
  });
}

/** The message of a thrown value, which need not be an Error. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `Expected X for NAME but received Y (HINT)`; `where` replaces `for NAME`. */
export function argumentMessage(
  { name, expected, received, hint }: ArgumentFields,
  where = `for ${name}`,
): string {
  return `Expected ${expected} ${where} but received ${received}${hint ? ` (${hint})` : ''}`;
}

/** `PROBLEM; REMEDY`. */
export function stateMessage({ problem, remedy }: Pick<StateFields, 'problem' | 'remedy'>): string {
  return remedy ? `${problem}; ${remedy}` : problem;
}
