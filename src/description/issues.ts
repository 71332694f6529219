import type { z } from 'zod';
import type { Problem } from '../hyperslab-error.js';
import { nearest } from '../nearest.js';
import { either, isPlain, problemInWords, show, showPath } from './wording.js';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/**
 * An error map for `safeParse`. For an issue about unknown keys, the message lists the keys that the mapping
 * may have, because zod removes the schema from the issue before `problemsOf` receives it.
 *
 * @internal
 */
export function knownKeys(issue: RawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined;
  const shape = (issue.inst as { _zod?: { def?: { shape?: object } } } | undefined)?._zod?.def
    ?.shape;
  return Object.keys(shape ?? {}).join(' ');
}

/**
 * Rewords zod's issues, one line each. `base` is the path of the value that was parsed.
 *
 * @internal
 */
export function problemsOf(
  issues: readonly Issue[],
  base: readonly PropertyKey[] = [],
): readonly Problem[] {
  return issues.flatMap((issue) => problemsOfOne(issue, base));
}

function problemsOfOne(issue: Issue, base: readonly PropertyKey[]): readonly Problem[] {
  const keys = [...base, ...issue.path];
  const path = showPath(keys);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, issue.message.split(' '), keys));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = meantBranch(issue.errors);
    if (branch) return problemsOf(branch, keys);
  }
  const expected = expectation(issue);
  if (expected === undefined) return [{ path, message: `${path}: ${issue.message}` }];
  const problem = problemInWords(path, expected, receivedBy(issue));
  return [isUnquotedText(issue) ? { ...problem, unquoted: show(issue.input) } : problem];
}

function receivedBy(issue: Issue): string {
  if (issue.code === 'custom' && typeof issue.params?.received === 'string')
    return issue.params.received;
  if (issue.input === null && issue.path.length > 0) return 'null (a key without a value)';
  if (isUnquotedText(issue)) return `${show(issue.input)} (put it in quotes)`;
  if (issue.code === 'invalid_type') return show(issue.input) + numberAdvice(issue);
  if (issue.code !== 'invalid_union' || !issue.discriminator) return show(issue.input);
  // If the discriminator is wrong, zod reports the whole mapping as the input.
  return show((issue.input as Readonly<Record<string, unknown>>)[issue.discriminator]);
}

/** Whether YAML read the text that was meant, such as `12` or `true`, as another type, for lack of quotes. */
function isUnquotedText(issue: Issue): boolean {
  const isText = issue.code === 'invalid_type' && issue.expected === 'string';
  return (
    isText &&
    ownExpectation(issue) === undefined &&
    ['number', 'boolean'].includes(typeof issue.input)
  );
}

/** What to do about a text that is a number in quotes, or has commas; empty for anything else. */
function numberAdvice({ expected, input }: Issue & { code: 'invalid_type' }): string {
  if (!['number', 'int'].includes(expected) || typeof input !== 'string') return '';
  if (/^[-+]?\d+(\.\d*)?(e[-+]?\d+)?$/i.test(input)) return ' (remove the quotes)';
  return /^[-+]?\d+(,\d+)+(\.\d*)?(e[-+]?\d+)?$/i.test(input)
    ? ' (a decimal point instead of a comma, and nothing between thousands)'
    : '';
}

function unknownKey(
  key: string,
  known: readonly string[],
  around: readonly PropertyKey[],
): Problem {
  const path = showPath(around);
  const meant = nearest(key, known);
  const hint = meant ? `: did you mean '${meant}'?` : ` (known keys: ${known.join(', ')})`;
  const where = path ? ` in ${path}` : '';
  return { path: showPath([...around, key]), message: `Unknown key ${show(key)}${where}${hint}` };
}

/**
 * The alternative of a union that the user most likely meant: among those of the right kind (mapping, list,
 * text …), the one with the fewest missing or unknown keys. Undefined if none is of the right kind.
 *
 * Alternatives that only a program can give count only if no manifest could hold the value.
 */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const misfit = (issue: Issue): number => {
    if (issue.code === 'unrecognized_keys') return issue.keys.length;
    return issue.path.length === 1 && issue.input === undefined ? 1 : 0;
  };
  const sum = (issues: readonly Issue[]) => issues.reduce((total, one) => total + misfit(one), 0);
  const all = leaves(branches);
  const fromCode = all.find((issues) =>
    issues.some((one) => isCodeOnly(one) && !isPlain(one.input)),
  );
  if (fromCode) return fromCode;
  return all
    .filter((issues) => !issues.some((one) => isKindIssue(one) || isCodeOnly(one)))
    .sort((a, b) => sum(a) - sum(b))[0];
}

/** Flattens unions within unions into one list of alternatives. */
function leaves(branches: readonly (readonly Issue[])[]): readonly (readonly Issue[])[] {
  return branches.flatMap((issues) => {
    const [first] = issues;
    const nested = first?.code === 'invalid_union' && first.path.length === 0;
    return nested && first.errors.length > 0 ? leaves(first.errors) : [issues];
  });
}

function isCodeOnly(issue: Issue): boolean {
  return issue.code === 'custom' && issue.params?.codeOnly === true;
}

function isKindIssue(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'custom')
    return issue.params?.listsOnly === true && !Array.isArray(issue.input);
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

/** What a schema that says more than its type, such as one for dates, expects in place of another type. */
function ownExpectation({ message }: Issue): string | undefined {
  return message.startsWith('Invalid input') ? undefined : message;
}

/** The value that an issue expected, as a noun; undefined if only the issue's message can tell. */
function expectation(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (ownExpectation(issue) !== undefined) return ownExpectation(issue);
      // JavaScript and YAML count NaN and the infinities as numbers, but zod does not.
      return typeof issue.input === 'number' && issue.expected === 'number'
        ? 'a finite number'
        : kind(issue.expected);
    case 'invalid_value':
      return either(issue.values.map((value) => show(value)));
    case 'too_small':
    case 'too_big':
      return limit(issue);
    case 'invalid_union':
      if ('options' in issue && issue.options) return either(issue.options.map(show));
      return either([...new Set(forManifests(issue.errors).map(expectationOrMessage))]);
    case 'custom': {
      const expected: unknown = issue.params?.expected;
      return typeof expected === 'string' ? expected : undefined;
    }
    default:
      return undefined;
  }
}

function forManifests(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  return leaves(branches)
    .flat()
    .filter((issue) => !isCodeOnly(issue));
}

function expectationOrMessage(issue: Issue): string {
  return expectation(issue) ?? issue.message;
}

function kind(expected: string): string {
  switch (expected) {
    case 'int':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'array':
    case 'tuple':
      return 'a list';
    case 'object':
    case 'record':
      return 'a mapping';
    case 'string':
      return 'a text';
    case 'null':
      return 'null';
    default:
      return `a ${expected}`;
  }
}

function limit(issue: Issue & { code: 'too_small' | 'too_big' }): string {
  const small = issue.code === 'too_small';
  const bound = Number(small ? issue.minimum : issue.maximum);
  const noun = issue.origin === 'int' ? 'a whole number' : 'a number';
  if (issue.origin === 'string' && small && bound === 1) return 'a text that is not empty';
  if (issue.origin === 'array') return `a list of ${bound} or ${small ? 'more' : 'fewer'}`;
  if (issue.inclusive) return `${noun} of at ${small ? 'least' : 'most'} ${bound}`;
  return `${noun} ${small ? 'greater' : 'less'} than ${bound}`;
}
