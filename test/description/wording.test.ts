import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { either, nearest, showPath } from '../../src/description/wording.js';

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
