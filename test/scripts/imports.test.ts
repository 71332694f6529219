import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkImports } from '../../scripts/imports/check.mjs';
import { BY_FILE, mayImport, PROGRAMS, ROOMS, SHARED } from '../../scripts/imports/rules.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hyperslab-imports-'));
  for (const folder of ['src', ...PROGRAMS]) mkdirSync(join(root, folder));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** Where a room or shared file is entered. */
const entryOf = (name: string) =>
  name === 'index' || name in SHARED ? `src/${name}` : `src/${name}/index`;

/** A file of a room, and the way from there to src/. */
const fileIn = (name: string): [file: string, up: string] =>
  name === 'index' || name in SHARED ? [`src/${name}.ts`, './'] : [`src/${name}/file.ts`, '../'];

const NAMES = [...Object.keys(ROOMS), ...Object.keys(SHARED)];
const PAIRS = NAMES.flatMap((from) =>
  NAMES.filter((to) => to !== from).map((to): [string, string] => [from, to]),
);
const FORBIDDEN = PAIRS.filter(([from, to]) => !mayImport(from, to));
const ALLOWED = PAIRS.filter(([from, to]) => mayImport(from, to));

test('the imports of this repository break no rule', () => {
  expect(checkImports(ROOT)).toEqual([]);
});

test('rooms that stand below others are never allowed to import them', () => {
  expect(FORBIDDEN.length).toBeGreaterThan(ALLOWED.length);
  for (const [from, to] of ALLOWED) expect(mayImport(to, from), `${to} -> ${from}`).toBe(false);
});

test.each(FORBIDDEN)('%s may not import %s', (from, to) => {
  const [file, up] = fileIn(from);
  const path = `${up}${entryOf(to).slice('src/'.length)}.js`;
  write(`${entryOf(to)}.ts`, 'export type X = 1;\n');
  for (const statement of [
    "import type { X } from 'P';",
    "export { type X } from 'P';",
    "await import('P');",
  ]) {
    write(file, `${statement.replace('P', path)}\n`);
    expect(checkImports(root)).toEqual([
      `${file} imports ${entryOf(to)}.ts: ${from} may not import ${to}`,
    ]);
  }
});

test.each(ALLOWED)('%s may import %s', (from, to) => {
  const [file, up] = fileIn(from);
  write(`${entryOf(to)}.ts`, 'export type X = 1;\n');
  write(file, `import type { X } from '${up}${entryOf(to).slice('src/'.length)}.js';\n`);
  expect(checkImports(root)).toEqual([]);
});

test('a room is entered by its index, except by rooms that worker threads load', () => {
  write('src/layout/grid.ts', 'export const x = 1;\n');
  write('src/plan/plan.ts', "import { x } from '../layout/grid.js';\n");
  for (const room of BY_FILE) write(`src/${room}/a.ts`, "import { x } from '../layout/grid.js';\n");
  expect(checkImports(root)).toEqual([
    'src/plan/plan.ts imports src/layout/grid.ts: import it from src/layout/index.ts',
  ]);
});

test('a room without rules, and an import from outside of src/, are refused', () => {
  write('src/attic/a.ts', "import { x } from '../layout/index.js';\n");
  write('src/layout/index.ts', "import { y } from '../../test/y.js';\n");
  expect(checkImports(root)).toEqual([
    'src/attic/a.ts is in a room that has no rules',
    'src/layout/index.ts imports test/y.ts, which lies outside of src/',
  ]);
});

test('a circle of imports is found, of types too, and of files of one room', () => {
  write('src/layout/a.ts', "import type { B } from './b.js';\n");
  write('src/layout/b.ts', "import type { C } from './c.js';\n");
  write('src/layout/c.ts', "export type { A } from './a.js';\n");
  write('src/layout/d.ts', "import type { A } from './a.js';\n");
  expect(checkImports(root)).toEqual([
    'imports go in a circle: src/layout/a.ts, src/layout/b.ts, src/layout/c.ts',
  ]);
});

test.each(PROGRAMS)('%s imports the package by its name only', (folder) => {
  write('src/index.ts', 'export const x = 1;\n');
  write(`${folder}/b.ts`, '');
  write(
    `${folder}/a.ts`,
    "import { x } from '../src/index.js';\nimport './b.js';\nimport 'hyperslab';\n",
  );
  expect(checkImports(root)).toEqual([
    `${folder}/a.ts imports src/index.ts: programs import the package by its name`,
  ]);
});
