import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { BY_FILE, INNER_DOORS, mayImport, PROGRAMS, ROOMS, SHARED } from './rules.mjs';

/**
 * Checks the imports of a repository, type imports included.
 *
 * @param {string} root its folder
 * @returns {string[]} one line for each import that breaks a rule, and for each cycle
 */
export function checkImports(root) {
  const src = importsBelow(root, 'src');
  const programs = PROGRAMS.flatMap((folder) => [...importsBelow(root, folder)]);
  return [
    ...[...src].flatMap(([file, targets]) => targets.flatMap((to) => roomProblems(file, to))),
    ...programs.flatMap(([file, targets]) => targets.flatMap((to) => programProblems(file, to))),
    ...cycles(src),
  ];
}

/** @returns {Map<string, string[]>} the files that each TypeScript file imports, relative to the root */
function importsBelow(root, folder) {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name).replaceAll(sep, '/'))
    .sort();
  return new Map(files.map((file) => [file, importsOf(root, file)]));
}

function importsOf(root, file) {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => {
      const path = resolve(root, dirname(file), fileName.replace(/\.js$/, '.ts'));
      return relative(root, path).replaceAll(sep, '/');
    });
}

/** `src/convert/journal/frames.ts` is in the room `convert`, `src/errors.ts` is the shared file `errors`. */
function roomOf(file) {
  return file.split('/')[1].replace(/\.ts$/, '');
}

function roomProblems(file, to) {
  if (!to.startsWith('src/')) return [`${file} imports ${to}, which lies outside of src/`];
  const [from, into] = [roomOf(file), roomOf(to)];
  if (from === into) return [];
  if (!(from in ROOMS) && !(from in SHARED)) return [`${file} is in a room that has no rules`];
  if (!mayImport(from, into)) return [`${file} imports ${to}: ${from} may not import ${into}`];
  const isRoom = to.split('/').length > 2;
  if (isRoom && !to.endsWith('/index.ts') && !BY_FILE.includes(from))
    return [`${file} imports ${to}: import it from src/${into}/index.ts`];
  return [];
}

function programProblems(file, to) {
  const [folder] = file.split('/');
  if (to.startsWith(`${folder}/`) || INNER_DOORS.includes(file)) return [];
  return [`${file} imports ${to}: programs import the package by its name`];
}

/** Cycles of files: the strongly connected components, found with Tarjan's algorithm. */
function cycles(imports) {
  const found = [];
  const index = new Map();
  const low = new Map();
  const stack = [];
  const visit = (file) => {
    index.set(file, index.size);
    low.set(file, index.get(file));
    stack.push(file);
    for (const to of imports.get(file) ?? []) {
      if (!imports.has(to)) continue;
      if (!index.has(to)) visit(to);
      if (stack.includes(to)) low.set(file, Math.min(low.get(file), low.get(to)));
    }
    if (low.get(file) !== index.get(file)) return;
    const component = stack.splice(stack.indexOf(file));
    if (component.length > 1) found.push(`imports go in a circle: ${component.join(', ')}`);
  };
  for (const file of imports.keys()) if (!index.has(file)) visit(file);
  return found;
}
