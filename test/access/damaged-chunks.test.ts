import { describe, expect, test } from 'vitest';
import { BUILT, startChild } from '../support/child.js';
import { damagedFile, newFile } from './files.js';

/** Calls to `x`, a dataset whose last row of chunks is damaged. */
const CALLS: Readonly<Record<string, string>> = {
  append: 'x.append(rows(12))',
  'append of an iterator': 'x.append(iterator())',
  'append of an iterator that throws': "x.append(iterator(() => { throw new Error('broken'); }))",
  consume: 'x.consume(new DataChunkIterator(rows(38)))',
  'append of a DataWriter': 'x.append(writer())',
  write: 'x.write([slice(33, 35)], 5)',
  'write of columns': 'x.write([null, slice(0, 24, 2)], 5)',
  resize: 'x.resize([33, 24])',
  read: 'x.read()',
  'blocks that are abandoned': 'abandon(x.blocks({ shape: [5, 24] }), 4)',
  'blocks that are read': 'abandon(x.blocks({ shape: [5, 24] }), 100)',
};

/** Calls whose errors do not come from damaged chunks. */
const OTHERS: Readonly<Record<string, string>> = {
  'append of an iterator that throws': 'Error broken',
  'blocks that are abandoned': 'none',
};

describe('a program that catches all errors', () => {
  test.each([1, 2, 8])(
    'the program goes on and learns where %i damaged chunks are',
    async (damaged) => {
      const path = damagedFile(damaged);
      const child = startChild(`
      import { copyFileSync } from 'node:fs';
      const hyperslab = await import(${JSON.stringify(BUILT.index)});
      const { DataChunkIterator, DataWriter, fill, ndarray, open, slice } = hyperslab;
      const rows = (count) => ndarray(new Int16Array(count * 24).fill(7), [count, 24]);
      const iterator = (last = () => {}) => new DataChunkIterator((function* () {
        for (let at = 0; at < 2; at++) yield rows(3);
        last();
      })(), { yields: 'blocks', dtype: 'int16', maxshape: [null, 24] });
      const writer = () => {
        const writer = new DataWriter({ dtype: 'int16', maxshape: [null, 24] });
        // Not awaited, because the dataset's own calls reject with the same errors.
        void writer.append(rows(3));
        void writer.flush();
        void writer.append(rows(3));
        writer.end();
        return writer;
      };
      const abandon = async (blocks, after) => {
        for await (const block of blocks) if (--after === 0) break;
      };
      const caught = (name, promise) => promise.then(
        () => say(name + ': none'),
        ({ name: type, message }) => say(name + ': ' + type + ' ' + message),
      );
      const copy = ${JSON.stringify(`${path}.copy`)};
      // Hardly more than two workers need for encoding, and plenty.
      for (const memory of ['4 MiB', '1 GiB']) {
        ${Object.entries(CALLS)
          .map(
            ([name, call]) => `
              copyFileSync(${JSON.stringify(path)}, copy);
              {
                const file = await open(copy, 'a', { workers: 2, memory });
                const x = file.dataset('x');
                await caught(${JSON.stringify(name)}, ${call});
                await file.close();
              }`,
          )
          .join('')}
        for (const data of [rows(38), new DataChunkIterator(rows(38))]) {
          copyFileSync(${JSON.stringify(path)}, copy);
          await caught('fill', fill(copy, { '/x': data }, { workers: 2, memory }));
        }
      }
      // An unhandled rejection would have ended the program by now.
      await new Promise((resolve) => setTimeout(resolve, 10));
      say('goes on');`);
      const where = String.raw`\(/x, \[30:40, 0:3\], file .*a\.h5\.copy\)$`;
      for (let memory = 0; memory < 2; memory++)
        for (const name of [...Object.keys(CALLS), 'fill', 'fill'])
          expect(await child.line()).toMatch(
            new RegExp(`^${name}: ${OTHERS[name] ?? `JobError Expected a zlib stream .*${where}`}`),
          );
      expect(await child.line()).toBe('goes on');
      expect(await child.end()).toBe(0);
    },
  );

  test('the program goes on if the disk is full', async () => {
    const large = { dtype: 'int16', shape: [0, 1000], maxshape: [null, 1000] } as const;
    const names = ['a', 'b', 'c'];
    const options = { ...large, chunks: [7, 1000], compression: null };
    const path = await newFile(Object.fromEntries(names.map((name) => [name, options])));
    const child = startChild(
      `
      const { open, ndarray } = await import(${JSON.stringify(BUILT.index)});
      const file = await open(${JSON.stringify(path)}, 'r+', { workers: 2, memory: '1 MiB' });
      const rows = ndarray(new Int16Array(100_000).fill(7), [100, 1000]);
      const errors = [];
      const asked = ${JSON.stringify(names)}.flatMap((name) =>
        Array.from({ length: 6 }, () => file.dataset(name).append(rows)));
      asked.push(file.close());
      for (const one of asked) one.catch(({ name, message }) => errors.push(name + / \\(.*/.exec(message)));
      const ended = await Promise.allSettled(asked);
      say(errors.length > 3 && new Set(errors).size === 1 ? errors[0] : 'none of ' + errors);`,
      600,
    );
    expect(await child.line()).toMatch(/^JobError \(\/[abc], .*, file \/.*a\.h5\)$/);
    expect(await child.end()).toBe(0);
  });
});
