import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SourceSpec } from '../../src/sources/spec.js';
import { toBytes, withFolder, withSource } from './helpers.js';

const ROWS = 100;

/** Checks that the bytes of every piece with an origin equal those of the file at that position. */
test.each([
  ['a file', 1],
  ['files one after the other', 3],
  ['a file for each channel', 3],
] as const)(
  'pieces name the range of the file that they were read from: %s',
  async (kind, files) => {
    await withFolder(async (folder) => {
      const paths = Array.from({ length: files }, (_, at) => join(folder, `${at}.bin`));
      for (const [at, path] of paths.entries()) {
        const items = Array.from({ length: ROWS }, (_, row) => 1000 * at + row);
        await writeFile(path, toBytes(items, 'int16', true));
      }
      const sources: SourceSpec[] = paths.map((path) => ({
        ...{ type: 'raw', path, dtype: 'int16', shape: [null, 1] },
      }));
      const together = kind === 'a file for each channel' ? 'stack' : 'concat';
      const spec = files === 1 ? sources[0] : ({ type: together, sources } as SourceSpec);
      await withSource(spec, async (source) => {
        const slab = { start: [0, 0], count: source.info.shape };
        const scratch = new Uint8Array(source.scratchBytes(slab));
        const stored = paths.map((path) => readFileSync(path));
        for (const { origin, bytes } of await source.read(slab, scratch)) {
          if (!origin) continue;
          const found = stored.some((file) => {
            const there = file.subarray(origin.position, origin.position + origin.bytes.length);
            return there.equals(origin.bytes);
          });
          expect(found).toBe(true);
          expect(origin.bytes.length).toBeLessThanOrEqual(bytes.length);
        }
      });
    });
  },
);
