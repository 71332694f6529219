import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frame, readFrames } from '../../../src/convert/journal/frames.js';
import { numRuns } from '../../support/effort.js';
import { tempFolder } from '../../support/recordings.js';

/** Records, some of which are longer than a block that is read at once. */
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

const read = (descriptor: number) =>
  [...readFrames(descriptor, 0)].map(({ record, ...rest }) => ({
    ...rest,
    record: Buffer.from(record),
  }));

test('records are read as they were written, from any position, until the file ends', () => {
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
    { numRuns: numRuns(60) },
  );
});

const few = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), {
  minLength: 1,
  maxLength: 6,
});

test('a damaged record is skipped, and the next one says so', () => {
  const path = join(tempFolder(), 'frames');
  fc.assert(
    fc.property(few, fc.nat(), fc.integer({ min: 1, max: 255 }), (all, where, mask) => {
      const frames = all.map(frame);
      const bytes = Buffer.concat(frames);
      const at = where % bytes.length;
      bytes[at] ^= mask;
      const ends = frames.map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length);
      const hurt = ends.findIndex((end) => end > at);
      withFile(path, bytes, (descriptor) => {
        const whole = all.map((one, index) => ({
          record: Buffer.from(one),
          end: ends[index],
          isBehindDamage: index === hurt + 1,
        }));
        expect(read(descriptor)).toEqual(whole.toSpliced(hurt, 1));
      });
    }),
    { numRuns: numRuns(300) },
  );
});

test('no record is lost, whatever bytes lie between records', () => {
  const path = join(tempFolder(), 'frames');
  const garbage = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 60 }),
    fc.integer({ min: 1, max: 300_000 }).map((length) => new Uint8Array(length)),
    // Cut within its checksum: if only the last byte were missing, the next frame might complete it by chance.
    fc.uint8Array({ minLength: 1, maxLength: 60 }).map((one) => frame(one).subarray(0, 6)),
  );
  const parts = fc.array(
    fc.record({
      record: fc.uint8Array({ minLength: 1, maxLength: 60 }),
      before: fc.option(garbage),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(parts, fc.option(garbage), (all, last) => {
      const pieces = all.flatMap(({ record, before }) => [
        ...(before ? [before] : []),
        frame(record),
      ]);
      withFile(path, Buffer.concat([...pieces, ...(last ? [last] : [])]), (descriptor) => {
        const found = read(descriptor).map(({ record, isBehindDamage }) => ({
          ...{ record, isBehindDamage },
        }));
        expect(found).toEqual(
          all.map(({ record, before }) => ({
            record: Buffer.from(record),
            isBehindDamage: before !== null,
          })),
        );
      });
    }),
    { numRuns: numRuns(100) },
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
      { record: Uint8Array.of(1, 2, 3), end: first.length, isBehindDamage: false },
    ]);
  });
});
