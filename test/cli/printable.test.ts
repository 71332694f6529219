import { expect, test } from 'vitest';
import { failureOf } from '../../src/cli/failures.js';
import { printable, printableLines } from '../../src/cli/printable.js';
import { verifyText } from '../../src/cli/verify-command.js';

const HOSTILE = 'a\x1b]0;title\x07\nb\r\x9b2J\u202ec';
const SHOWN = 'a\\u001b]0;title\\u0007\\u000ab\\u000d\\u009b2J\\u202ec';

test('what a terminal would obey is shown as an escape', () => {
  expect(printable(HOSTILE)).toBe(SHOWN);
  expect(printable('Größe 12 µV – 試験 🧠')).toBe('Größe 12 µV – 試験 🧠');
});

test('lines of a text stay, and a JSON document says the same', () => {
  expect(printableLines('a\n\x1bb\n')).toBe('a\n\\u001bb\n');
  const value = { name: HOSTILE, list: ['\x7f'] };
  expect(JSON.parse(printableLines(JSON.stringify(value, null, 2)))).toEqual(value);
});

test('errors and reports hold no control characters', () => {
  const error = Object.assign(new Error(`Expected a dataset but received ${HOSTILE}`), {
    tag: 'LayoutError',
  });
  for (const debug of [false, true]) {
    const { text } = failureOf(error, debug);
    expect(text).toContain('\\u001b]0;title\\u0007');
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  }
  const dataset = { path: HOSTILE, equal: false, values: 1, problem: HOSTILE };
  const report = { equal: false, values: 1, rawBytes: 1, seconds: 1, datasets: [dataset] };
  expect(verifyText({ path: HOSTILE, ...report })).toBe(
    `DIFFERS  ${SHOWN}: ${SHOWN}\n${SHOWN} differs from its sources in 1 of 1 dataset`,
  );
});
