import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';

/** Records of finished steps and their inputs: one small JSON file for each step, in `folder`. */
export function openStamps(folder) {
  const path = (name) => join(folder, `${name}.json`);
  return {
    /** The stamp of a step; undefined if there is none or it can't be read. */
    read(name) {
      try {
        const stamp = JSON.parse(readFileSync(path(name), 'utf8'));
        return typeof stamp === 'object' && stamp !== null ? stamp : undefined;
      } catch {
        return undefined;
      }
    },
    write(name, stamp) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path(name), `${JSON.stringify(stamp, undefined, 2)}\n`);
    },
    clear(name) {
      rmSync(path(name), { force: true });
    },
  };
}

/**
 * Runs a step unless its stamp has the same key and its outputs exist.
 * @returns whether the step ran
 */
export function runStep(stamps, { name, key, outputs, work }) {
  if (stamps.read(name)?.key === key && outputs.every((path) => existsSync(path))) return false;
  // Cleared first, so that an interrupted step is repeated.
  stamps.clear(name);
  work();
  stamps.write(name, { key });
  return true;
}

/** A hash of values that JSON can hold. */
export function hashOf(...parts) {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/**
 * A hash of the paths and contents of files. Times do not count, so that switching branches back and forth
 * rebuilds nothing.
 */
export function hashFiles(root, paths) {
  const hash = createHash('sha256');
  for (const path of [...paths].sort()) {
    const content = readFileSync(path);
    hash.update(`${relative(root, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}

/** Files under a folder, at any depth, whose path relative to it passes `keep`. */
export function filesUnder(folder, keep = () => true) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => keep(relative(folder, path)));
}

/** Size and time of a file: a cheap check for changes of files outside the checkout. */
export function signature(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 'absent' : `${stat.size}:${stat.mtimeMs}`;
}

/** Whether a step failed within the last hour with the same inputs, so that it is not tried again yet. */
export function failedLately(stamp, key, now = Date.now()) {
  const hour = 3_600_000;
  return stamp?.key === key && typeof stamp.failedAt === 'number' && now - stamp.failedAt < hour;
}
