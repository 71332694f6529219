import { Dataset, type File, Group, Hdf5Error, type HdfObject } from '../hdf5/index.js';
import { numericType } from '../plan/index.js';

/**
 * Chunked datasets of numbers that have no checksums, by the paths at which they are found first.
 *
 * @param looked the datasets that have checksums, whether they are there or not
 */
export function listUnchecked(
  file: File,
  looked: readonly { readonly path: string; readonly identity?: bigint }[],
): string[] {
  // By identity, since hard links give objects several paths, or lead round in circles.
  const seen = new Set(looked.flatMap(({ identity }) => identity ?? []));
  const told = new Set(looked.map(({ path }) => path));
  return [...chunkedBelow(file, seen)].filter((path) => !told.has(path));
}

function* chunkedBelow(group: Group, seen: Set<bigint>): Generator<string, void, undefined> {
  seen.add(group.identity);
  for (const { name, kind } of group.links()) {
    if (kind !== 'hard') continue;
    using object = openIfWhole(group, name);
    if (!object || seen.has(object.identity)) continue;
    seen.add(object.identity);
    if (object instanceof Group) yield* chunkedBelow(object, seen);
    else if (object instanceof Dataset && object.layout === 'chunked' && numericType(object))
      yield object.path;
  }
}

/** What can't be opened in a damaged file, nobody can tell the kind of. */
function openIfWhole(group: Group, name: string): HdfObject | undefined {
  try {
    return group.open(name);
  } catch (error) {
    if (error instanceof Hdf5Error) return undefined;
    throw error;
  }
}
