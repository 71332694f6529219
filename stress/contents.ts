import {
  type Dataset,
  File,
  type Group,
  type HdfObject,
  openChecksums,
  type Value,
} from './built.js';

/** Objects and attributes that differ in every conversion. */
const OWN_PATHS = new Set(['/file_create_date']);
const OWN_ATTRIBUTES = new Set(['object_id']);

/**
 * The contents of a file as text, by path: links, attributes, how datasets are stored, and their values. For datasets
 * with checksums, the checksums stand for the values. Objects that differ in every conversion are left out.
 */
export function contentsOf(path: string): Map<string, string> {
  using file = new File(path, 'r');
  const contents = new Map([['/', attributesOf(file)]]);
  walk(file, file, '', contents);
  return contents;
}

/** Describes the first difference between two such contents. */
export function contentsDifference(
  expected: ReadonlyMap<string, string>,
  received: ReadonlyMap<string, string>,
): string | undefined {
  for (const path of new Set([...expected.keys(), ...received.keys()])) {
    const [was, is] = [expected.get(path), received.get(path)];
    if (was !== is) return `${path}: Expected ${shortened(was)} but received ${shortened(is)}`;
  }
  return undefined;
}

function walk(file: File, group: Group, path: string, contents: Map<string, string>): void {
  for (const { name, kind, target } of group.links()) {
    const where = `${path}/${name}`;
    if (OWN_PATHS.has(where)) continue;
    if (kind !== 'hard') {
      contents.set(where, `${kind} link to ${target}`);
      continue;
    }
    using object = group.open(name);
    if ('links' in object) {
      contents.set(where, attributesOf(object));
      walk(file, object as Group, where, contents);
    } else contents.set(where, attributesOf(object) + datasetText(file, object as Dataset));
  }
}

function attributesOf({ attributes }: HdfObject): string {
  const names = attributes.names().filter((name) => !OWN_ATTRIBUTES.has(name));
  return JSON.stringify(names.sort().map((name) => [name, valueText(attributes.get(name))]));
}

function datasetText(file: File, dataset: Dataset): string {
  const { path, dtype, shape, maxshape, layout, chunks, storedFilters, storedBytes } = dataset;
  const stored = { dtype, shape, maxshape, layout, chunks, storedFilters, storedBytes };
  using checksums = openChecksums(file, path);
  const values = checksums
    ? Array.from(checksums.rows(), (some) => some.checksums.join()).join()
    : valueText(dataset.read());
  return `${JSON.stringify(stored)} ${fillText(dataset)} ${values}`;
}

const fillText = ({ fillvalue }: Dataset): string => String(fillvalue);

function valueText({ dtype, shape, data }: Value): string {
  return `${dtype} [${shape}] ${ArrayBuffer.isView(data) ? data.join() : JSON.stringify(data)}`;
}

function shortened(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
