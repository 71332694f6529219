import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frame, readFrames } from '../../../src/coordinator/journal/frames.js';
import { tempFolder } from '../../support/recordings.js';

/** Some are longer than what is read at one go. */
const records = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }) },
    {
      weight: 1,
      arbitrary: fc
        .record({ length: fc.integer({ min: 1e6, max: 3e6 }), byte: fc.nat(255) })
        .map(({ length, byte }) => new Uint8Array(length).fill(byte)),
    },
  ),
  { maxLength: 12 },
);

function withFile<T>(path: string, bytes: Uint8Array, body: (descriptor: number) => T): T {
  writeFileSync(path, bytes);
  const descriptor = openSync(path, 'r');
  try {
    return body(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

test('records come back as they were, wherever they begin, until the file ends', () => {
  const path = join(tempFolder(), 'frames');
  fc.assert(
    fc.property(
      records,
      fc.nat(40),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (some, from, part) => {
        const frames = some.map(frame);
        const bytes = Buffer.concat([Buffer.alloc(from, 1), ...frames]);
        const end = from + Math.floor(part * (bytes.length - from));
        const ends = frames.map((_, at) => from + Buffer.concat(frames.slice(0, at + 1)).length);
        withFile(path, bytes.subarray(0, end), (descriptor) => {
          const read = [...readFrames(descriptor, from)];
          const whole = ends.filter((one) => one <= end);
          expect(read.map((one) => one.end)).toEqual(whole);
          for (const [at, { record }] of read.entries())
            expect(Buffer.compare(record, some[at])).toBe(0);
        });
      },
    ),
    { numRuns: 60 },
  );
});

test('nothing is read behind a byte that is another', () => {
  const path = join(tempFolder(), 'frames');
  const some = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(some, fc.nat(), fc.integer({ min: 1, max: 255 }), (all, where, mask) => {
      const frames = all.map(frame);
      const bytes = Buffer.concat(frames);
      const at = where % bytes.length;
      bytes[at] ^= mask;
      const ends = frames.map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length);
      const before = ends.filter((end) => end <= at).length;
      withFile(path, bytes, (descriptor) => {
        const read = [...readFrames(descriptor, 0)].map(({ record }) => Buffer.from(record));
        expect(read).toEqual(all.slice(0, before).map((one) => Buffer.from(one)));
      });
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['zeros', Buffer.alloc(5000)],
  ['a length beyond all memory', Buffer.alloc(5000, 0xff)],
  ['text', Buffer.from('It was a bright cold day in April. '.repeat(30))],
])('%s hold no record', (_, bytes) => {
  const path = join(tempFolder(), 'frames');
  const first = frame(Uint8Array.of(1, 2, 3));
  withFile(path, Buffer.concat([first, bytes]), (descriptor) => {
    expect([...readFrames(descriptor, 0)]).toEqual([
      { record: Uint8Array.of(1, 2, 3), end: first.length },
    ]);
  });
});
