import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from '../../src/cli/json.js';

test('a document is what JSON.stringify makes of it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(jsonText(value)).toBe(JSON.stringify(value, null, 2));
    }),
  );
});

test('what JSON does not have is a text, or left out', () => {
  const value = {
    big: 2n ** 60n,
    numbers: [Number.NaN, Number.POSITIVE_INFINITY, undefined],
    absent: undefined,
    call: () => 1,
    empty: {},
  };
  expect(JSON.parse(jsonText(value))).toEqual({
    big: '1152921504606846976',
    numbers: ['NaN', 'Infinity', null],
    empty: {},
  });
});

test('a document may be deeper than the stack', () => {
  let value: unknown = 1;
  for (let depth = 0; depth < 6000; depth++) value = [value];
  const text = jsonText(value);
  expect(text.startsWith('[\n  [\n')).toBe(true);
  expect(text.endsWith('\n  ]\n]')).toBe(true);
  expect(text.split('\n')).toHaveLength(12_001);
});
