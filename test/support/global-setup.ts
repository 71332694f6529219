import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { PYTHON_ENVIRONMENT, python } from './python-environment.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder that all test files of a run share; see shared.ts. */
    sharedFolder: string;
    /** Where python-server.py listens; undefined without Python. */
    pythonSocket: string | undefined;
  }
}

const SERVER = fileURLToPath(new URL('python-server.py', import.meta.url));

/** Prepares what all test files of a run share, and returns a function that removes it. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'hyperslab-tests-'));
  const socket = join(folder, 'python.socket');
  // The server forks with all modules loaded, which some libraries survive only on Linux.
  const server =
    python.available && process.platform === 'linux'
      ? await startServer(python.path, socket)
      : undefined;
  project.provide('sharedFolder', folder);
  project.provide('pythonSocket', server && socket);
  return async () => {
    if (server?.exitCode === null) {
      server.stdin?.end();
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
}

async function startServer(path: string, socket: string): Promise<ChildProcess> {
  const server = spawn(path, [SERVER, socket], {
    env: PYTHON_ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const failed = once(server, 'exit').then(([code]) => {
    throw new Error(`${SERVER} ended with exit code ${code} instead of listening`);
  });
  await Promise.race([once(server.stdout, 'data'), failed]);
  failed.catch(() => {});
  return server;
}
