import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join, normalize } from 'node:path/posix';

/** Where control groups are mounted, and the files in a group's folder that limit its memory. */
const HIERARCHIES = {
  v1: { mount: 'sys/fs/cgroup/memory', files: ['memory.limit_in_bytes'] },
  // Beyond memory.high the kernel does not kill, but slows all processes of the group down to reclaim memory.
  v2: { mount: 'sys/fs/cgroup', files: ['memory.max', 'memory.high'] },
} as const;

/**
 * The memory of the machine or container in bytes: the least of the machine's memory and the limits of the control
 * groups, versions 1 and 2, that this process is in. A group is limited by all groups around it, too: schedulers such
 * as Slurm limit the job, not the group of the process, and systemd limits slices. `process.constrainedMemory()`
 * reads only the innermost group.
 *
 * @param root stands for `/`
 */
export function availableMemory(root = '/'): number {
  const limits = groupsOf(root).flatMap(({ mount, path, files }) =>
    withParents(path).flatMap((group) =>
      files.map((file) => limitIn(join(root, mount, group, file))),
    ),
  );
  return Math.min(totalmem(), ...limits);
}

interface Group {
  readonly mount: string;
  /** Path below the mount. In a container it may be that of the host, which does not exist there. */
  readonly path: string;
  readonly files: readonly string[];
}

/** The groups of this process that can limit its memory; none on systems without control groups. */
function groupsOf(root: string): Group[] {
  const lines = read(join(root, 'proc/self/cgroup'))?.split('\n') ?? [];
  return lines.flatMap((line): Group[] => {
    const [, id, controllers, path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined) return [];
    if (controllers.split(',').includes('memory')) return [{ ...HIERARCHIES.v1, path }];
    return id === '0' ? [{ ...HIERARCHIES.v2, path }] : [];
  });
}

/** A path and those of the folders around it, up to `/`: `/a/b`, `/a`, `/`. */
function withParents(path: string): string[] {
  // Normalized, because a group outside of the container's own has a path such as `/../other`.
  const names = normalize(join('/', path)).split('/').filter(Boolean);
  return [...names, ''].map((_, at) => `/${names.slice(0, names.length - at).join('/')}`);
}

function limitIn(path: string): number {
  const text = read(path)?.trim();
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
