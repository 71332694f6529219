import { z } from 'zod';

/** What a custom rule of ours expected, in the words of the messages. */
export interface RuleParams {
  readonly expected: string;
  /** Set where the rule takes lists only: other values are of the wrong kind altogether. */
  readonly listsOnly?: boolean;
  /** Set where only a program can give what is expected: no advice for what a manifest holds. */
  readonly codeOnly?: boolean;
  /** What was received, in words, where the value itself does not show it. */
  readonly received?: string;
}

/** Options of a zod rule of ours whose message follows the one form of all messages. */
export function expecting(expected: string, more: Omit<RuleParams, 'expected'> = {}) {
  const params: Record<string, unknown> & RuleParams = { expected, ...more };
  return { params };
}

/** Text that says something: readers take empty strings for mistakes. */
export const text = z
  .string()
  .refine((value) => value.trim() !== '', expecting('a text that is not empty'))
  // HDF5 ends a text where a NUL stands, and stores UTF-8, which has no halves of characters.
  .refine((value) => !value.includes('\0'), expecting('a text without NUL characters'))
  .refine((value) => !/\p{Cs}/u.test(value), expecting('a text without halves of characters'));

/** Name of an object in the file. */
export const objectName = text
  .refine((name) => !/[/\\]/.test(name), expecting('a name without slashes'))
  .refine((name) => name !== '.' && name !== '..', expecting("a name other than '.' and '..'"));

/** A list of texts, or one of them alone. */
export const textList = z
  .union([text, z.array(text).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** A date and time with its zone, as text; a zone-less time means a different instant elsewhere. */
export const isoTime = z
  .string()
  .refine(
    isZonedTime,
    expecting("an ISO 8601 date and time with a zone, such as '2026-11-22T10:00:00+01:00',"),
  );

const ZONED_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

function isZonedTime(value: string): boolean {
  const match = ZONED_TIME.exec(value);
  if (!match) return false;
  const [year, month, day] = match.slice(1, 4).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
