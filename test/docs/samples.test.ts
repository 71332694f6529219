import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fillSchema } from '../../src/description/fill.js';
import { descriptionSchema } from '../../src/description/schema.js';
import { verify } from '../../src/index.js';
import { ROOT, type Sample, samplesIn } from './pages.js';

// Inside the package, where samples can import it by its name.
const folder = mkdtempSync(join(ROOT, 'build/samples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const where = ({ page, line }: Sample) => `${page}:${line}`;

/** What the compiler finds wrong with the samples, each a module of its own. */
function problemsOf(samples: readonly Sample[]): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const files = new Map(
    samples.map((sample, at) => {
      const path = join(folder, `sample-${at}.ts`);
      writeFileSync(path, sample.code);
      return [path, sample] as const;
    }),
  );
  const program = ts.createProgram([...files.keys()], { ...options, noEmit: true });
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const sample = file && files.get(file.fileName);
    const text = ts.flattenDiagnosticMessageText(messageText, '\n');
    return `${sample ? where(sample) : file?.fileName}: ${text}`;
  });
}

test('samples of TypeScript are free of type errors', () => {
  const samples = samplesIn('ts');
  expect(samples.some(({ page }) => page === 'README.md')).toBe(true);
  expect(problemsOf(samples)).toEqual([]);
});

test('the sample of the README writes a file that fits its checksums', async () => {
  const [sample] = samplesIn('ts').filter(({ page }) => page === 'README.md');
  const recordings = join(folder, 'recordings');
  mkdirSync(recordings);
  writeFileSync(
    join(recordings, 'ap.bin'),
    Int16Array.from({ length: 384 * 100 }, (_, at) => at),
  );
  const { outputText } = ts.transpileModule(sample.code, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  });
  const program = join(folder, 'readme.js');
  writeFileSync(program, outputText);
  const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: recordings });
  expect(stdout).toMatch(/session\.nwb in [\d.]+ s\n$/);
  expect(await verify(join(recordings, 'session.nwb'))).toMatchObject({ equal: true });
});

test('the compiler sees what is wrong with a sample', () => {
  const code = "import { convert } from 'hyperslab';\nawait convert({ path: 1 });\n";
  expect(problemsOf([{ page: 'a.md', line: 7, code }])[0]).toMatch(/^a\.md:7: .*number/);
});

test('manifests in samples are valid', () => {
  const manifests = samplesIn('yaml').map((sample) => ({ sample, content: parse(sample.code) }));
  const whole = manifests.filter(({ content }) => content.path !== undefined);
  expect(whole.map(({ sample }) => sample.page)).toEqual([
    'docs/guide/convert.md',
    'docs/guide/existing-files.md',
    'docs/guide/existing-files.md',
  ]);
  for (const { sample, content } of whole) {
    const schema = content.nwbfile ? descriptionSchema : fillSchema;
    expect(schema.safeParse(content), where(sample)).toMatchObject({ success: true });
  }
});
