import { expect, test } from 'vitest';
import { commandLinePage } from '../../scripts/docs/command-line.mjs';
import { manifestSchema } from '../../scripts/docs/json-schema.mjs';
import { manifestPage } from '../../scripts/docs/manifest.mjs';
import { typeModules } from '../../scripts/docs/types.mjs';
import { EXIT_HELP } from '../../src/cli/exit-codes.js';
import { makeProgram } from '../../src/cli/program.js';
import { fillSchema } from '../../src/description/fill.js';
import { descriptionSchema } from '../../src/description/schema.js';
import { storageSchema } from '../../src/description/storage.js';
import * as library from '../../src/index.js';
import { CHUNK_STRATEGIES, DTYPES } from '../../src/layout/index.js';
import { readPage } from './pages.js';

const ADVICE = 'run `npm run docs`';

test('docs/manifest.md is what `npm run docs` makes of the schemas', () => {
  expect(readPage('docs/manifest.md'), ADVICE).toBe(manifestPage(descriptionSchema, fillSchema));
});

test('the declared types of descriptions are what `npm run docs` makes of the schemas', () => {
  const literals = { DType: DTYPES, ChunkStrategy: CHUNK_STRATEGIES };
  const { spec, types } = typeModules(descriptionSchema, fillSchema, storageSchema, literals);
  expect(readPage('src/description/types.ts'), ADVICE).toBe(types);
  expect(readPage('src/sources/spec.ts'), ADVICE).toBe(spec);
});

test('schema/manifest.schema.json is what `npm run docs` makes of the schemas', () => {
  const schema = manifestSchema(descriptionSchema, fillSchema);
  expect(readPage('schema/manifest.schema.json'), ADVICE).toBe(schema);
});

test('docs/command-line.md is what `npm run docs` makes of the commands', () => {
  const page = commandLinePage(makeProgram(), EXIT_HELP);
  expect(readPage('docs/command-line.md'), ADVICE).toBe(page);
});

test('docs/errors.md has every error that the library exports', () => {
  const page = readPage('docs/errors.md');
  const names = Object.keys(library).filter((name) => name.endsWith('Error'));
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('docs/errors.md has every exit code of the help', () => {
  const codes = Array.from(EXIT_HELP.matchAll(/^ {2}(\d+) /gm), ([, code]) => code);
  const page = readPage('docs/errors.md');
  expect(codes.filter((code) => !new RegExp(`^\\| .*\\b${code}\\b`, 'm').test(page))).toEqual([]);
});

test('every command, argument and option has a help text that begins with a capital letter', () => {
  const program = makeProgram();
  const commands = [program, ...program.commands];
  const texts = commands.flatMap(({ options, registeredArguments }) =>
    [...options, ...registeredArguments].map(({ description }) => description),
  );
  texts.push(...commands.map((command) => command.description()));
  expect(texts.filter((text) => !/^[A-Z]/.test(text))).toEqual([]);
});
