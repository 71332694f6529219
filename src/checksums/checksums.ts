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

/** Where the checksums of a file are: below it, at the path of the dataset that they belong to. */
const ROOT = ['hyperslab', 'checksums'];

/** The attribute of a file that was completed though it was known to be incomplete. */
const MISSING = 'missing';

/**
 * Makes `/hyperslab/checksums/PATH`: uint32 of shape [stored chunks, 2], by how much a chunk's number is more
 * than that of the one before (of the first, than 0) and the low bits of its checksum; with the attributes
 * `algorithm`, `chunk`, `extent` and `filters`. uint64 where chunks are 2^32 numbers or more apart.
 *
 * @throws RangeError for numbers that do not ascend within the chunk grid, or are not as many as the
 * checksums; Hdf5Error where something has this path
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
  file.requireGroup(posix.dirname(placeOf(path))).close();
  // Sparse data may have chunks of any number, but seldom far from each other.
  const gaps = numbers.map((number, at) => number - (numbers[at - 1] ?? 0));
  const isSmall = gaps.every((gap) => gap < 2 ** 32);
  using dataset = file.createDataset(placeOf(path), {
    dtype: isSmall ? 'uint32' : 'uint64',
    shape: [numbers.length, 2],
  });
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
  // The last, since a dataset without it holds no checksums.
  dataset.attributes.set('algorithm', text(ALGORITHM));
}

/** Puts into the file, beside its checksums, what is known to be missing of it, one line each. */
export function writeMissing(file: File, missing: readonly string[]): void {
  if (missing.length === 0) return;
  using group = file.group(`/${ROOT[0]}`);
  group.attributes.set(MISSING, { dtype: 'string', shape: [missing.length], data: missing });
}

/** What is known to be missing of a file; of most files nothing. */
export function readMissing(file: File): readonly string[] {
  using group = find(file, ROOT.slice(0, 1));
  if (!group?.attributes.has(MISSING)) return [];
  return group.attributes.get(MISSING).data as readonly string[];
}

/** Paths of all datasets that have checksums, in the order of their names. */
export function listChecksums(file: File): string[] {
  using root = find(file, ROOT);
  return root instanceof Group ? [...pathsBelow(root, '', new Set())] : [];
}

/**
 * Takes the checksums of a dataset back, if it has any: of one whose chunks will be changed in place.
 * The numbers stay in the file, without the attribute that makes checksums of them.
 */
function dropChecksums(file: File, path: string): void {
  using object = find(file, stepsTo(path));
  if (object?.attributes.has('algorithm')) object.attributes.delete('algorithm');
}

/**
 * Takes the checksums of a dataset back that is about to be changed in place. By its identity, since
 * links may give it several paths.
 */
export function dropChecksumsOf(file: File, { identity }: Dataset): void {
  for (const path of listChecksums(file)) {
    using other = find(file, stepsOf(path));
    if (other?.identity === identity) dropChecksums(file, path);
  }
}

/**
 * Opens the checksums of a dataset, for those who need not have them all in memory; undefined where
 * it has none.
 *
 * @throws LayoutError for what does not look like them; Hdf5Error
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

/** The object at a path; undefined where there is none. @throws Hdf5Error */
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

/** The object to which steps lead; undefined where they lead to nothing, or through what is no group. */
function find(from: Group, [name, ...onwards]: readonly string[]): HdfObject | undefined {
  if (!from.has(name)) return undefined;
  const object = from.open(name);
  if (onwards.length === 0) return object;
  using group = object;
  return group instanceof Group ? find(group, onwards) : undefined;
}

/** @param seen groups by identity, since hard links may lead round in circles */
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
