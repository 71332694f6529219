import { mkdirSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { availableMemory } from '../src/memory-limit.js';
import { tempFolder } from './support/recordings.js';

const MiB = 2 ** 20;

/** The memory of a process that sees these files below `/`. */
function memoryWith(files: Readonly<Record<string, string>>): number {
  const root = tempFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  }
  return availableMemory(root);
}

test('without control groups the memory is that of the machine', () => {
  expect(memoryWith({})).toBe(totalmem());
  expect(memoryWith({ 'proc/self/cgroup': '0::/' })).toBe(totalmem());
});

test.each([
  [
    'a container with version 2',
    { 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': String(512 * MiB) },
  ],
  [
    'version 2 with a limit that slows down before the one that kills',
    {
      'proc/self/cgroup': '0::/a.slice/b.scope',
      'sys/fs/cgroup/a.slice/b.scope/memory.max': String(600 * MiB),
      'sys/fs/cgroup/a.slice/b.scope/memory.high': String(512 * MiB),
    },
  ],
  [
    'version 2 with a limit of a group further out',
    {
      'proc/self/cgroup': '0::/system.slice/slurmstepd.scope/job_1/step_0/user/task_0',
      'sys/fs/cgroup/system.slice/slurmstepd.scope/job_1/memory.max': String(512 * MiB),
      'sys/fs/cgroup/system.slice/slurmstepd.scope/job_1/step_0/user/task_0/memory.max': 'max',
      'sys/fs/cgroup/system.slice/slurmstepd.scope/job_1/step_0/memory.high': 'max',
    },
  ],
  [
    'version 1 with a limit of a group further out',
    {
      'proc/self/cgroup': '5:cpu,cpuacct:/x\n4:memory:/slurm/job_1/step_0\n0::/',
      'sys/fs/cgroup/memory/slurm/job_1/memory.limit_in_bytes': String(512 * MiB),
      'sys/fs/cgroup/memory/slurm/job_1/step_0/memory.limit_in_bytes': '9223372036854771712',
    },
  ],
  [
    'a container with version 1 that sees the path of the host',
    {
      'proc/self/cgroup': '4:memory:/docker/0123456789ab',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': String(512 * MiB),
    },
  ],
  [
    'a group outside of the container',
    { 'proc/self/cgroup': '0::/../../x', 'sys/fs/cgroup/memory.max': String(512 * MiB) },
  ],
])('finds the limit of %s', (_, files) => {
  expect(memoryWith(files)).toBe(512 * MiB);
});
