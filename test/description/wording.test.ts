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

  it('finds nothing for a word that resembles none', () => {
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

it('showPath() writes paths as in JavaScript', () => {
  expect(showPath(['acquisition', 0, 'data', 'chunks', 1])).toBe('acquisition[0].data.chunks[1]');
  expect(showPath([])).toBe('');
});

it('either() joins choices with commas and or', () => {
  expect([either([]), either(['a']), either(['a', 'b']), either(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a or b',
    'a, b or c',
  ]);
});

describe('isPlain and show', () => {
  class Session {}
  const iterable = { *[Symbol.iterator]() {} };

  it.each<[string, unknown]>([
    ['a Session', new Session()],
    ['an Int16Array', Int16Array.of(1)],
    ['a Map', new Map()],
    ['a Generator', iterable[Symbol.iterator]()],
    ['an Object', iterable],
    ['a function', () => 1],
  ])('a manifest can not hold %s, which is named so', (shown, value) => {
    expect(isPlain(value)).toBe(false);
    expect(show(value)).toBe(shown);
  });

  it.each([[null], [undefined], ['a'], [1], [[]], [{}], [Object.create(null)]])(
    'a manifest can hold %o',
    (value) => expect(isPlain(value)).toBe(true),
  );

  it('mappings of another realm are plain, but maps are not', () => {
    expect(isPlain(runInNewContext('({ a: 1 })'))).toBe(true);
    expect(isPlain(runInNewContext('new Map()'))).toBe(false);
  });
});
