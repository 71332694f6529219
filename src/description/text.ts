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

/** What a text must not be, and what was expected instead. */
type Rule = readonly [isWrong: (value: string) => boolean, expected: string];

const STORED_RULES: readonly Rule[] = [
  // HDF5 ends a text where a NUL stands, and stores UTF-8, which has no halves of characters.
  [(value) => value.includes('\0'), 'a text without NUL characters'],
  [(value) => /\p{Cs}/u.test(value), 'a text without halves of characters'],
];

const TEXT_RULES: readonly Rule[] = [
  [(value) => value.trim() === '', 'a text that is not empty'],
  ...STORED_RULES,
];

const NAME_RULES: readonly Rule[] = [
  ...TEXT_RULES,
  [(name) => /[/\\]/.test(name), 'a name without slashes'],
  [(name) => name.includes(':'), 'a name without colons (PyNWB refuses them)'],
  [(name) => name === '.' || name === '..', "a name other than '.' and '..'"],
];

function brokenRule(value: string, rules: readonly Rule[]): string | undefined {
  return rules.find(([isWrong]) => isWrong(value))?.[1];
}

function following(rules: readonly Rule[]) {
  return z.string().superRefine((value, context) => {
    const expected = brokenRule(value, rules);
    if (expected) context.addIssue({ code: 'custom', input: value, ...expecting(expected) });
  });
}

/** What was expected of a text, perhaps an empty one, that a file can't hold as it is; undefined of others. */
export function textMisfit(value: string): string | undefined {
  return brokenRule(value, STORED_RULES);
}

/** What was expected of the name of an object, where it can't have that name; undefined of others. */
export function nameMisfit(name: string): string | undefined {
  return brokenRule(name, NAME_RULES);
}

/** Text that says something: readers take empty strings for mistakes. */
export const text = following(TEXT_RULES);

/** Name of an object in the file. */
export const objectName = following(NAME_RULES);

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

// Python's dates have no year 0.
const ZONED_TIME =
  /^(?!0000)(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

function isZonedTime(value: string): boolean {
  const match = ZONED_TIME.exec(value);
  if (!match) return false;
  const [year, month, day] = match.slice(1, 4).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
