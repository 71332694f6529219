import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './pages.js';

// Inside the package, where a program can import it by its name.
const folder = mkdtempSync(join(ROOT, 'build/declarations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CONSUMER = `import { convert, dataIO, type Description, fill, open, plan, type SourceSpec } from 'hyperslab';

const source: SourceSpec = { type: 'raw', path: 'ap.bin', dtype: 'int16', shape: [null, 384] };
const description: Description = {
  path: 'session.nwb',
  nwbfile: {
    sessionDescription: 'probe in CA1',
    identifier: 'm1-2026-11-22',
    sessionStartTime: '2026-11-22T10:00:00+01:00',
  },
  devices: [{ name: 'probe' }],
  electrodeGroups: [{ name: 'shank0', device: 'probe', location: 'CA1', description: 'a shank' }],
  electrodes: { count: 384, group: 'shank0' },
  acquisition: [
    { type: 'ElectricalSeries', name: 'AP', rate: 30000, data: { source, chunks: [null, 64] } },
    { type: 'TimeSeries', name: 'Sync', unit: 'n.a.', rate: 1, data: dataIO(new Int16Array(10)) },
  ],
};
const planned = await plan(description);
const report = await convert(description, { workers: 2 });
await fill('session.nwb', { '/acquisition/AP/data': source });
const file = await open('session.nwb', 'r');
await file.close();
console.log(planned.datasets.length, report.seconds);
`;

const path = join(folder, 'consumer.ts');
let service: ts.LanguageService;
let program: ts.Program;

beforeAll(() => {
  writeFileSync(path, CONSUMER);
  service = ts.createLanguageService({
    getCompilationSettings: () => ({
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
      module: ts.ModuleKind.NodeNext,
      strict: true,
      noEmit: true,
      types: ['node'],
    }),
    getScriptFileNames: () => [path],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      const text = ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => ROOT,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
  });
  program = service.getProgram() as ts.Program;
});

test('a program that imports the package has no type errors, and neither have its declarations', () => {
  const files = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName === path || fileName.startsWith(join(ROOT, 'dist')));
  const problems = files.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
  expect(files.length).toBeGreaterThan(1);
  expect(problems.map(({ messageText }) => messageText)).toEqual([]);
});

test('the compiler of a program that imports the package does not load zod', () => {
  const names = program.getSourceFiles().map(({ fileName }) => fileName);
  expect(names.some((name) => name.endsWith('/dist/index.d.ts'))).toBe(true);
  expect(names.filter((name) => name.includes('/zod/'))).toEqual([]);
});

test('no published declaration imports zod', () => {
  const names = readdirSync(join(ROOT, 'dist'), { recursive: true, encoding: 'utf8' });
  const declarations = names.filter((name) => name.endsWith('.d.ts'));
  const textOf = (name: string) => readFileSync(join(ROOT, 'dist', name), 'utf8');
  expect(declarations.filter((name) => /['"]zod['"]/.test(textOf(name)))).toEqual([]);
});

test('the types of the package are cheap to check', () => {
  program.getSemanticDiagnostics(program.getSourceFile(path));
  // Types inferred from schemas took two hundred thousand.
  expect(program.getInstantiationCount()).toBeLessThan(10_000);
});

test('an editor explains a key of a description', () => {
  const info = service.getQuickInfoAtPosition(path, CONSUMER.indexOf('rate: 30000'));
  expect(ts.displayPartsToString(info?.displayParts)).toContain(
    'ElectricalSeriesDescription.rate?: number | undefined',
  );
  expect(ts.displayPartsToString(info?.documentation)).toBe(
    'Sampling rate, in samples per second (Hz). Give either `rate` or `timestamps`.',
  );
});
