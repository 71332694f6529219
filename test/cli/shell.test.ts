import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { command, quoted, quotedPath } from '../../src/cli/shell.js';
import { numRuns } from '../support/effort.js';

const SPECIAL = [
  'a b',
  "it's",
  '"x"',
  '~',
  '~root/a',
  '-x',
  '--',
  '*',
  '?',
  '[a]',
  '$HOME',
  '`ls`',
];
const MORE = [
  '\\',
  'a\\',
  '!',
  '#a',
  'a;b',
  'a&b',
  '(a)',
  '{a,b}',
  'a\nb',
  '\t',
  'a=b',
  '',
  'µ 試',
  "'",
];

/** What a shell makes of words. */
function shellWords(words: readonly string[]): string[] {
  const script = `printf '%s\\0' ${words.join(' ')}`;
  const text = execFileSync('sh', ['-c', script], { encoding: 'utf8', cwd: '/' });
  return text.split('\0').slice(0, -1);
}

test('a shell gives back what was quoted', () => {
  const all = [...SPECIAL, ...MORE];
  expect(shellWords(all.map(quoted))).toEqual(all);
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'\'"`$\\~*?[]{}!#&;|<>()-= \t\na./') }),
    fc.string({ unit: 'binary' }).map((one) => one.replaceAll(/[\0\p{Cs}]/gu, '')),
  );
  const texts = fc.array(text, { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(texts, (some) => {
      expect(shellWords(some.map(quoted))).toEqual(some);
    }),
    { numRuns: numRuns(20) },
  );
});

test('plain paths stay as they are, and a path is no option', () => {
  for (const path of ['session.nwb', '/data/m1_2026-01-15/a.nwb', '../a@b:c%d+e,f'])
    expect(quotedPath(path)).toBe(path);
  expect(quotedPath('-a.nwb')).toBe('./-a.nwb');
  expect(command('resume', "-it's.nwb", '--check')).toBe(
    "`hyperslab resume './-it'\\''s.nwb' --check`",
  );
});
