import { posix } from 'node:path';
import { Dataset, type File, Group, type HdfObject, type Value } from '../hdf5/index.js';
import { cellCount, isAscending, makeGrid } from '../layout/index.js';
import {
  ALGORITHM,
  type ChecksumsOf,
  KEPT_BITS,
  ROWS,
  StoredChecksums,
} from './stored-checksums.js';

/** The group that contains the checksums of each dataset, at the path of the dataset. */
const ROOT = ['hyperslab', 'checksums'];

/** The attribute that lists what is missing, if a file was finished without all of its data. */
const MISSING = 'missing';

/**
 * Creates the dataset `/hyperslab/checksums/PATH` of shape [stored chunks, 2], or replaces it. Column 0 holds the number
 * of the chunk minus that of the previous one (the first row: the number itself), column 1 the low bits of the chunk's
 * checksum. The type is uint32, or uint64 if a difference is 2^32 or more. The attributes are `algorithm`,
 * `chunk`, `extent` and `filters`.
 *
 * @param numbers of the stored chunks in C order of the chunk grid, ascending
 * @param checksums one for each of `numbers`
 * @throws RangeError if the numbers do not ascend within the chunk grid, or there are more or fewer checksums;
 * Hdf5Error if the path leads through something other than groups
 */
export function writeChecksums(
  file: File,
  { path, chunk, extent, filters }: ChecksumsOf,
  numbers: Float64Array,
  checksums: BigUint64Array,
): void {
  const grid = makeGrid(extent, chunk, path);
  if (numbers.length !== checksums.length || !isAscending(numbers, -1, cellCount(grid)))
    throw new RangeError(
      `Expected a checksum for each of ascending chunk numbers for ${path} but received ${checksums.length} for ${numbers.length} numbers`,
    );
  // Sparse data can have chunk numbers of any size, but the differences are usually small.
  const gaps = numbers.map((number, at) => number - (numbers[at - 1] ?? 0));
  const isSmall = gaps.every((gap) => gap < 2 ** 32);
  using dataset = rowsAt(file, path, isSmall ? 'uint32' : 'uint64', [numbers.length, 2]);
  for (let first = 0; first < numbers.length; first += ROWS) {
    const count = Math.min(ROWS, numbers.length - first);
    const rows: (number | bigint)[] = [];
    for (let at = first; at < first + count; at++) {
      const kept = BigInt.asUintN(KEPT_BITS, checksums[at]);
      rows.push(...(isSmall ? [gaps[at], Number(kept)] : [BigInt(gaps[at]), kept]));
    }
    const data = isSmall
      ? Uint32Array.from(rows as number[])
      : BigUint64Array.from(rows as bigint[]);
    dataset.write(data, { start: [first, 0], count: [count, 2] });
  }
  dataset.attributes.set('chunk', lengths(chunk));
  dataset.attributes.set('extent', lengths(extent));
  if (filters !== undefined) dataset.attributes.set('filters', text(filters));
  // Written last: without this attribute the dataset does not count as checksums.
  dataset.attributes.set('algorithm', text(ALGORITHM));
}

/**
 * The dataset for the checksums of a dataset: the one that the file has if it has this form, so that the file does not
 * grow, or else a new one. Whatever else is in its place belongs to an object that the file does not have any more.
 */
function rowsAt(
  file: File,
  path: string,
  dtype: 'uint32' | 'uint64',
  shape: readonly number[],
): Dataset {
  const place = placeOf(path);
  using group = file.requireGroup(posix.dirname(place));
  const name = posix.basename(place);
  if (group.has(name)) {
    const object = group.open(name);
    const isUsable =
      object instanceof Dataset &&
      object.layout === 'contiguous' &&
      object.dtype === dtype &&
      String(object.shape) === String(shape);
    if (isUsable) return object;
    object.close();
    group.deleteLink(name);
  }
  return file.createDataset(place, { dtype, shape });
}

/** Records in the file which data are missing, one line each. Call it after {@link writeChecksums}. */
export function writeMissing(file: File, missing: readonly string[]): void {
  if (missing.length === 0) return;
  using group = file.group(`/${ROOT[0]}`);
  group.attributes.set(MISSING, { dtype: 'string', shape: [missing.length], data: missing });
}

/** Which data are known to be missing from a file, one line each; empty for most files. */
export function readMissing(file: File): readonly string[] {
  using group = find(file, ROOT.slice(0, 1));
  if (!group?.attributes.has(MISSING)) return [];
  return group.attributes.get(MISSING).data as readonly string[];
}

/** Paths of all datasets that have checksums, sorted by name. */
export function listChecksums(file: File): string[] {
  using root = find(file, ROOT);
  return root instanceof Group ? [...pathsBelow(root, '', new Set())] : [];
}

/**
 * Invalidates checksums, before the chunks that they belong to are changed in place.
 *
 * @param paths from {@link checksumPathsOf}
 */
export function dropChecksums(file: File, paths: readonly string[]): void {
  for (const path of paths) {
    using object = find(file, stepsTo(path));
    if (object?.attributes.has('algorithm')) object.attributes.delete('algorithm');
  }
}

/**
 * The paths at which the file holds checksums of a dataset. Finds them by the identity of the dataset, because links can
 * give it several paths.
 */
export function checksumPathsOf(file: File, { identity }: Dataset): string[] {
  return listChecksums(file).filter((path) => {
    using other = find(file, stepsOf(path));
    return other?.identity === identity;
  });
}

/**
 * Opens the checksums of a dataset without reading all of them into memory.
 *
 * @returns undefined if the dataset has no checksums
 * @throws ChecksumError if the checksums are damaged; Hdf5Error
 */
export function openChecksums(file: File, path: string): StoredChecksums | undefined {
  const object = find(file, stepsTo(path));
  if (!object) return undefined;
  try {
    if (object instanceof Dataset && object.attributes.has('algorithm'))
      return new StoredChecksums(object, path);
    object.close();
    return undefined;
  } catch (error) {
    object.close();
    throw error;
  }
}

/** Opens the object at a path; undefined if it does not exist. @throws Hdf5Error */
export function openAt(file: File, path: string): HdfObject | undefined {
  return find(file, stepsOf(path));
}

function stepsTo(path: string): string[] {
  return [...ROOT, ...stepsOf(path)];
}

function stepsOf(path: string): string[] {
  return path.split('/').filter((step) => step !== '');
}

function placeOf(path: string): string {
  return `/${stepsTo(path).join('/')}`;
}

/** Opens the object that the names lead to; undefined if one is missing, or one before the last is not a group. */
function find(from: Group, [name, ...onwards]: readonly string[]): HdfObject | undefined {
  if (!from.has(name)) return undefined;
  const object = from.open(name);
  if (onwards.length === 0) return object;
  using group = object;
  return group instanceof Group ? find(group, onwards) : undefined;
}

/** @param seen identities of the groups already visited, because hard links can form circles */
function* pathsBelow(
  group: Group,
  path: string,
  seen: Set<bigint>,
): Generator<string, void, undefined> {
  if (seen.has(group.identity)) return;
  seen.add(group.identity);
  for (const { name, kind } of group.links()) {
    if (kind !== 'hard') continue;
    using object = group.open(name);
    const below = `${path}/${name}`;
    if (object instanceof Group) yield* pathsBelow(object, below, seen);
    else if (object.attributes.has('algorithm')) yield below;
  }
}

function text(value: string): Value {
  return { dtype: 'string', shape: [], data: [value] };
}

function lengths(shape: readonly number[]): Value {
  return { dtype: 'int64', shape: [shape.length], data: BigInt64Array.from(shape, BigInt) };
}
