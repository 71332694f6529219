import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCES = join(ROOT, 'examples');

export interface Ran {
  /** Exit code. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Examples {
  /** Folder for the examples' files. It is removed after the tests of the file. */
  readonly folder: string;
  /** Runs an example in a process of its own. */
  run(name: string, ...args: readonly string[]): Promise<Ran>;
}

/** Names of the examples' files. */
export function exampleNames(): string[] {
  const names = readdirSync(SOURCES).filter((name) => name.endsWith('.ts'));
  return names.map((name) => basename(name, '.ts')).filter((name) => name !== 'main');
}

/**
 * Prepares the examples as `npm run example` runs them, but compiled into a folder of the test file's own.
 * Their types are checked with those of the tests.
 */
export function compiledExamples(): Examples {
  const folder = mkdtempSync(join(tmpdir(), 'hyperslab-examples-'));
  // Inside the package, so that they can import it by its name.
  const compiled = mkdtempSync(join(ROOT, 'build/examples-'));
  beforeAll(() => {
    for (const name of [...exampleNames(), 'main']) {
      const { outputText } = ts.transpileModule(readFileSync(join(SOURCES, `${name}.ts`), 'utf8'), {
        compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
      });
      writeFileSync(join(compiled, `${name}.js`), outputText);
    }
  });
  afterAll(() => {
    for (const path of [folder, compiled]) rmSync(path, { recursive: true, force: true });
  });
  return {
    folder,
    run: (name, ...args) =>
      new Promise((resolve) => {
        const command = [join(compiled, 'main.js'), name, ...args];
        execFile(process.execPath, command, { cwd: folder }, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
        );
      }),
  };
}
