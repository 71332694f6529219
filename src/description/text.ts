import { z } from 'zod';
import { isOtherHome, OWN_HOME, PATH_PATTERN } from '../home-path.js';

/** Parameters of a custom zod rule: what it expected, in the words of the messages. */
export interface RuleParams {
  readonly expected: string;
  /** Set if the rule accepts lists only, so that any other value is of the wrong kind. */
  readonly listsOnly?: boolean;
  /** Set if only a program can give the expected value, so that users of manifests are not told of it. */
  readonly codeOnly?: boolean;
  /** What was received, in words, if the value itself does not show it. */
  readonly received?: string;
}

/** Options of a custom zod rule, from which the message "Expected X for Y but received Z" is made. */
export function expecting(expected: string, more: Omit<RuleParams, 'expected'> = {}) {
  const params: Record<string, unknown> & RuleParams = { expected, ...more };
  return { params };
}

/** A test for invalid texts, and what is expected instead. */
type Rule = readonly [isWrong: (value: string) => boolean, expected: string];

const STORED_RULES: readonly Rule[] = [
  // HDF5 ends a text at a NUL, and UTF-8 can't encode lone surrogates.
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

const PATH_RULES: readonly Rule[] = [...TEXT_RULES, [isOtherHome, OWN_HOME]];

function brokenRule(value: string, rules: readonly Rule[]): string | undefined {
  return rules.find(([isWrong]) => isWrong(value))?.[1];
}

function following(rules: readonly Rule[]) {
  return z.string().superRefine((value, context) => {
    const expected = brokenRule(value, rules);
    if (expected) context.addIssue({ code: 'custom', input: value, ...expecting(expected) });
  });
}

/** What is expected instead of a text that HDF5 can't store unchanged; undefined if it can. */
export function textMisfit(value: string): string | undefined {
  return brokenRule(value, STORED_RULES);
}

/** What is expected instead of a name that an object can't have; undefined if it can. */
export function nameMisfit(name: string): string | undefined {
  return brokenRule(name, NAME_RULES);
}

/**
 * Text that is not blank, because NWB tools report empty strings as mistakes.
 *
 * @internal
 */
export const text = following(TEXT_RULES).meta({ pattern: '\\S' });

/**
 * Name of an object in the file.
 *
 * @internal
 */
export const objectName = following(NAME_RULES).meta({
  pattern: '^[^/\\\\:]*[^/\\\\:\\s][^/\\\\:]*$',
});

/**
 * Path of a file or folder; `~/` at its beginning is the home folder.
 *
 * @internal
 */
export const filePath = following(PATH_RULES).meta({ pattern: `${PATH_PATTERN}[\\s\\S]*\\S` });

/**
 * Path of a file to write: a slash at its end would name a folder.
 *
 * @internal
 */
export const outputPath = following([
  ...PATH_RULES,
  [(path) => path.endsWith('/'), 'the path of a file, such as folder/session.nwb,'],
]).meta({ pattern: `${PATH_PATTERN}(?![\\s\\S]*/$)[\\s\\S]*\\S` });

/**
 * A list of texts, or a single text.
 *
 * @internal
 */
export const textList = z
  .union([text, z.array(text).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

// The year 0 is excluded, because Python's dates don't have it.
const DATE = '(?!0000)(\\d{4})-(\\d\\d)-(\\d\\d)';
const ZONE = '(Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)';
const TIME = `T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?${ZONE}`;
const ONLY_DATE = new RegExp(`^${DATE}$`);
const ZONED_TIME = new RegExp(`^${DATE}${TIME}$`);

/**
 * A text of one form, such as a date. A number or nothing in its place is told the same form.
 *
 * @internal
 */
export function textOfForm(isRight: (value: string) => boolean, expected: string) {
  return z.string({ error: expected }).refine(isRight, expecting(expected));
}

/**
 * An ISO 8601 date and time. The zone is required: without one, the instant would depend on the reader.
 *
 * @internal
 */
export const isoTime = textOfForm(
  isZonedTime,
  "an ISO 8601 date and time with a zone, such as '2026-11-22T10:00:00+01:00',",
).meta({ pattern: ZONED_TIME.source });

/**
 * An {@link isoTime}, or a date alone.
 *
 * @internal
 */
export const isoDateOrTime = textOfForm(
  (value) => isDate(value) || isZonedTime(value),
  "a date such as '2026-11-22', or a date and time with a zone such as '2026-11-22T10:00:00+01:00',",
).meta({ pattern: `^${DATE}(?:${TIME})?$` });

function isZonedTime(value: string): boolean {
  return isDay(ZONED_TIME.exec(value));
}

/** Whether a text is an ISO 8601 date without a time, such as `2026-11-22`. */
export function isDate(value: string): boolean {
  return isDay(ONLY_DATE.exec(value));
}

/** Whether year, month and day, the first groups of a match, are a day of the calendar. */
function isDay(match: RegExpExecArray | null): boolean {
  if (!match) return false;
  const [year, month, day] = match.slice(1, 4).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The zone of a checked {@link isoTime}: `Z` or `+01:00`. */
export function zoneOf(time: string): string {
  return ZONED_TIME.exec(time)?.[4] ?? 'Z';
}
