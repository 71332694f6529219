import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { either, isPlain, show, showPath } from '../../src/description/wording.js';
import { nearest } from '../../src/nearest.js';

describe('nearest', () => {
  const keys = ['chunks', 'compression', 'compressionOpts', 'shuffle', 'maxshape'];

  it.each([
    ['shuffel', 'shuffle'],
    ['compression_opts', 'compressionOpts'],
    ['Chunks', 'chunks'],
    ['chunk', 'chunks'],
    ['maxShape', 'maxshape'],
  ])('%s -> %s', (word, meant) => expect(nearest(word, keys)).toBe(meant));

  it('has no idea what a far word means', () => {
    expect(nearest('colour', keys)).toBeUndefined();
    expect(nearest('x', keys)).toBeUndefined();
  });

  it('finds every known word with one letter missing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.nat(), (word, at) => {
        const i = at % word.length;
        expect(nearest(word.slice(0, i) + word.slice(i + 1), keys)).toBe(word);
      }),
    );
  });
});

it('shows paths as in JavaScript', () => {
  expect(showPath(['acquisition', 0, 'data', 'chunks', 1])).toBe('acquisition[0].data.chunks[1]');
  expect(showPath([])).toBe('');
});

it('joins choices', () => {
  expect([either([]), either(['a']), either(['a', 'b']), either(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a or b',
    'a, b or c',
  ]);
});

describe('values that no manifest holds', () => {
  class Session {}
  const iterable = { *[Symbol.iterator]() {} };

  it.each<[unknown, string]>([
    [new Session(), 'a Session'],
    [Int16Array.of(1), 'an Int16Array'],
    [new Map(), 'a Map'],
    [iterable[Symbol.iterator](), 'a Generator'],
    [iterable, 'an Object'],
    [() => 1, 'a function'],
  ])('%s', (value, shown) => {
    expect(isPlain(value)).toBe(false);
    expect(show(value)).toBe(shown);
  });

  it.each([[null], [undefined], ['a'], [1], [[]], [{}], [Object.create(null)]])(
    'are not %s',
    (value) => expect(isPlain(value)).toBe(true),
  );

  it('are told from the mappings of another realm', () => {
    expect(isPlain(runInNewContext('({ a: 1 })'))).toBe(true);
    expect(isPlain(runInNewContext('new Map()'))).toBe(false);
  });
});
