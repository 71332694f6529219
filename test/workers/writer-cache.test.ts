import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ChunkLayout, encoderBytes, File } from '../../src/hdf5/index.js';
import { WriterCache } from '../../src/workers/writer-cache.js';
import { tempFolder } from '../support/recordings.js';

const layout: ChunkLayout = {
  itemSize: 2,
  chunk: [4, 4],
  extent: [4, 4],
  fillvalue: Uint8Array.of(0, 0),
  filters: [{ kind: 'shuffle' }, { kind: 'deflate', level: 1 }],
};
const whole = { start: [0, 0], count: [4, 4] };
const piece = { ...whole, bytes: new Uint8Array(32), offset: 0, steps: [8, 2], swap: false };

/** Requests and uses writers in turn; returns which of them are still open in the end. */
function openAfter(most: number | undefined, names: readonly string[]): string[] {
  using file = new File(join(tempFolder(), 'a.h5'), 'w');
  const slot = new WriterCache(file.token, most);
  const writers = new Map(
    names.map((name) => {
      const writer = slot.of(name, layout);
      expect(slot.of(name, layout)).toBe(writer);
      expect(writer.write([piece], whole).placements).toHaveLength(3);
      return [name, writer];
    }),
  );
  const held = [...writers].filter(([, writer]) => writer.bytesHeld > 0);
  for (const [, writer] of writers) writer.close();
  return held.map(([name]) => name);
}

test('one writer is kept even if there is no memory for it', () => {
  expect(openAfter(undefined, ['a', 'b', 'a'])).toEqual(['a']);
});

test('as many writers are kept as the memory allows, the most recently used ones', () => {
  const one = encoderBytes(layout);
  expect(openAfter(2 * one, ['a', 'b', 'c'])).toEqual(['b', 'c']);
  expect(openAfter(2 * one, ['a', 'b', 'a', 'c']).sort()).toEqual(['a', 'c']);
  expect(openAfter(3 * one, ['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
  expect(openAfter(3 * one - 1, ['a', 'b', 'c'])).toEqual(['b', 'c']);
});
