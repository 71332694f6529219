import { Dataset, type File, Group, Hdf5Error, type HdfObject, type Link } from '../hdf5/index.js';
import { numericType } from '../plan/index.js';

/**
 * Chunked datasets of numbers that have no checksums, each by the first path at which it is found.
 *
 * @param looked the datasets that have checksums, whether or not the file still holds them
 * @throws Hdf5Error if the links of a group can't be read
 */
export function listUnchecked(
  file: File,
  looked: readonly { readonly path: string; readonly identity?: bigint }[],
): string[] {
  // By identity, because hard links may give an object several paths, or lead round in circles.
  const seen = new Set(looked.flatMap(({ identity }) => identity ?? []));
  const listed = new Set(looked.map(({ path }) => path));
  return [...chunkedBelow(file, seen)].filter((path) => !listed.has(path));
}

/** A group whose links are being followed. */
interface Visited {
  readonly group: Group;
  readonly links: Iterator<Link>;
}

/** Walks depth first, but without recursion, because a hostile file may nest groups deeper than the stack. */
function* chunkedBelow(root: Group, seen: Set<bigint>): Generator<string, void, undefined> {
  seen.add(root.identity);
  const visited: Visited[] = [{ group: root, links: root.links().values() }];
  try {
    for (let current = visited.at(-1); current; current = visited.at(-1)) {
      const { done, value: link } = current.links.next();
      if (done) {
        visited.pop();
        if (current.group !== root) current.group.close();
      } else if (link.kind === 'hard') {
        const object = openIfReadable(current.group, link.name);
        if (object) yield* take(object, visited, seen);
      }
    }
  } finally {
    for (const { group } of visited) if (group !== root) group.close();
  }
}

/** Lists a chunked dataset of numbers, or visits a group. Closes the object, except for a group to visit. */
function* take(
  object: HdfObject,
  visited: Visited[],
  seen: Set<bigint>,
): Generator<string, void, undefined> {
  const depth = visited.length;
  try {
    if (seen.has(object.identity)) return;
    seen.add(object.identity);
    if (object instanceof Group) visited.push({ group: object, links: object.links().values() });
    else if (object instanceof Dataset && object.layout === 'chunked' && numericType(object))
      yield object.path;
  } finally {
    if (visited.length === depth) object.close();
  }
}

/** Opens an object; undefined if a damaged file does not even tell what kind of object it is. */
function openIfReadable(group: Group, name: string): HdfObject | undefined {
  try {
    return group.open(name);
  } catch (error) {
    if (error instanceof Hdf5Error) return undefined;
    throw error;
  }
}
