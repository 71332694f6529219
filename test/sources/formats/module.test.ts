import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAll, readSlab, refusal, withFolder, withSource } from '../helpers.js';

/** Each case has a folder of its own, because Node imports the module of a path only once. */
async function withModule<T>(code: string, run: (path: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const path = join(folder, 'source.mjs');
    await writeFile(path, code);
    return run(path);
  });
}

const RAMP = `
  export function open({ rows }) {
    return {
      dtype: 'int32',
      shape: [rows, 3],
      async read([row, column], [rows, columns]) {
        const items = new Int32Array(rows * columns + 1).subarray(1);
        for (let r = 0; r < rows; r++)
          for (let c = 0; c < columns; c++) items[r * columns + c] = (row + r) * 3 + column + c;
        return items;
      },
      close() { globalThis.closedSources = (globalThis.closedSources ?? 0) + 1; },
    };
  }`;

test('a module reads hyperslabs, gets its options, and is closed', async () => {
  await withModule(RAMP, async (path) => {
    await withSource({ type: 'module', path, options: { rows: 5 } }, async (source) => {
      expect(source.info).toMatchObject({ dtype: 'int32', shape: [5, 3], storageOrder: [0, 1] });
      expect(source.info.files[0].path).toBe(path);
      const items = await readSlab(source, { start: [1, 1], count: [3, 2] });
      expect(items).toEqual([4, 5, 7, 8, 10, 11]);
    });
    expect((globalThis as { closedSources?: number }).closedSources).toBe(1);
  });
});

test('a module can be a part of another source', async () => {
  await withModule(RAMP, async (path) => {
    const part = { type: 'module' as const, path, options: { rows: 2 } };
    const items = await readAll({ type: 'concat', sources: [part, part] });
    expect(items).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
  });
});

const read = 'read: () => new Int16Array(4)';

test.each([
  ['export default 1', "an exported function 'open' in PATH but received none"],
  ['export const open = 3', "an exported function 'open' in PATH but received number"],
  ['export const open = (', 'import to succeed in PATH but received an error: '],
  [
    'export function open() { throw new Error("no such session") }',
    'open(options) to succeed in PATH but received an error: no such session',
  ],
  [
    `export const open = () => ({ dtype: 'float16', shape: [4], ${read} })`,
    "float32, float64 from open(options) in PATH but received 'float16'",
  ],
  [
    `export const open = () => ({ dtype: 'bool', shape: [4], ${read} })`,
    "float32, float64 from open(options) in PATH but received 'bool'",
  ],
  [
    `export const open = () => ({ dtype: '<i2', shape: [4], ${read} })`,
    "float32, float64 from open(options) in PATH but received '<i2'",
  ],
  [
    `export const open = () => ({ dtype: 'int16', shape: [2.5], ${read} })`,
    'shape to be an array of lengths from open(options) in PATH but received [ 2.5 ]',
  ],
  [
    `export const open = () => ({ dtype: 'int16', shape: [4, -1], ${read} })`,
    'shape to be an array of lengths from open(options) in PATH but received [ 4, -1 ]',
  ],
  [
    `export const open = () => ({ dtype: 'int16', shape: [] , ${read} })`,
    'shape to be an array of lengths from open(options) in PATH but received []',
  ],
  [
    `export const open = () => ({ dtype: 'int16', shape: [4] })`,
    "read to be a function from open(options) in PATH but received 'undefined'",
  ],
  ['export const open = () => null', 'from open(options) in PATH but received undefined'],
])('a module is refused: %s', async (code, message) => {
  await withModule(code, async (path) => {
    expect((await refusal({ type: 'module', path })).replace(path, 'PATH')).toContain(message);
  });
});

test.each([
  ['new Int16Array(3)', 'Int16Array of 4 from read([0], [4]) in PATH but received Int16Array of 3'],
  ['new Float32Array(4)', 'in PATH but received Float32Array of 4'],
  ['new Int16Array(5)', 'in PATH but received Int16Array of 5'],
  ['new Uint16Array(4)', 'in PATH but received Uint16Array of 4'],
  ['new Int16Array(4).buffer', 'in PATH but received arraybuffer'],
  ['new DataView(new ArrayBuffer(8))', 'in PATH but received dataview'],
  ['[1, 2, 3, 4]', 'in PATH but received array'],
  ['undefined', 'in PATH but received undefined'],
  ['fail()', 'read([0], [4]) to succeed in PATH but received an error: fail is not defined'],
])('a read that returns %s is refused', async (answer, message) => {
  const code = `export const open = () => ({ dtype: 'int16', shape: [4], read: () => ${answer} })`;
  await withModule(code, async (path) => {
    const failure = await readAll({ type: 'module', path }).catch((error: Error) => error);
    expect((failure as Error).message.replace(path, 'PATH')).toContain(message);
  });
});

test('a missing module is refused', async () => {
  expect(await refusal({ type: 'module', path: '/nowhere/source.mjs' })).toBe(
    "Expected a file at /nowhere/source.mjs but received nothing: no such file (folder /nowhere doesn't exist)",
  );
});
