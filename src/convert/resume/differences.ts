import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../../hyperslab-error.js';
import { nodes } from '../../nwb/index.js';
import {
  type ChangedFile,
  changedFile,
  type FileChange,
  isSameFile,
  type ReadableSpec,
  type SourceSpec,
} from '../../sources/index.js';
import { optionName, surface } from '../../surface.js';
import type { Header, RecordedDataset } from '../journal/index.js';

/** Objects and attributes that differ in every conversion. */
const OWN_PATHS = new Set(['/file_create_date', '/general/was_generated_by']);
const OWN_ATTRIBUTES = new Set(['object_id']);

/** Properties that determine the bytes of a dataset, by the names that users are shown. */
const PARTS: Readonly<Record<string, (dataset: RecordedDataset) => unknown>> = {
  'the dtype': ({ spec }) => spec.dtype,
  'the shape': ({ spec }) => spec.shape,
  maxshape: ({ spec }) => spec.maxshape,
  chunks: ({ spec }) => spec.layout.chunk,
  filters: ({ spec }) => spec.layout.filters,
  fillvalue: ({ spec }) => spec.fillvalue.data,
  skipFill: ({ spec }) => spec.layout.skipFill,
  'the kind of data': ({ data }) => data.kind,
  'the source': ({ data }) => (data.kind === 'source' ? withoutFolders(data.source) : undefined),
};

/** A source without the folders of its files: files may have been moved, and are compared by size and time. */
function withoutFolders(source: ReadableSpec): ReadableSpec {
  if (source.type !== 'scaled') return partWithoutFolders(source);
  return { ...source, source: partWithoutFolders(source.source) };
}

function partWithoutFolders(source: SourceSpec): SourceSpec {
  if (source.type === 'module')
    return { ...source, path: basename(source.path), baseDir: undefined };
  if (source.type !== 'concat' && source.type !== 'stack')
    return { ...source, path: basename(source.path) };
  return { ...source, ...(source.sources && { sources: source.sources.map(partWithoutFolders) }) };
}

/**
 * Differences between this conversion and the interrupted one, one line each.
 *
 * @param begun header of the interrupted conversion
 * @param now header of this conversion
 * @param options with `check`, files of sources may have other times, because their values are compared later
 * @param output path of the file, for advice
 */
export function* differences(
  begun: Header,
  now: Header,
  { check }: { readonly check: boolean },
  output: string,
): Generator<Problem, void, undefined> {
  if (begun.libver !== now.libver)
    yield {
      path: 'libver',
      message: `${optionName('libver')} is now '${now.libver}' and was '${begun.libver}'`,
    };
  const datasets = new Map(now.datasets.map((dataset) => [dataset.spec.path, dataset]));
  for (const dataset of begun.datasets) {
    const { path } = dataset.spec;
    const other = datasets.get(path);
    if (other) yield* datasetDifferences(path, dataset, other, { check, output });
    // A dataset that is missing now is reported as a node of the tree.
  }
  yield* treeDifferences(begun, now);
}

function* datasetDifferences(
  path: string,
  begun: RecordedDataset,
  now: RecordedDataset,
  { check, output }: { readonly check: boolean; readonly output: string },
): Generator<Problem, void, undefined> {
  for (const [name, part] of Object.entries(PARTS)) {
    const [was, is] = firstDifference(plain(part(begun)), plain(part(now)));
    if (!isSame(was, is))
      yield { path, message: `${name} of ${path} is now ${show(is)} and was ${show(was)}` };
  }
  if (begun.data.kind !== 'source' || now.data.kind !== 'source') return;
  for (const [at, file] of now.data.files.entries()) {
    const was = begun.data.files[at];
    if (!was || isSameFile(was, file)) continue;
    const changed = changedFile({ ...was, path: file.path }, file);
    if (!isToCompare(changed, check)) yield sourceProblem(changed, path, output);
  }
}

/** Says how a source has changed since the conversion to `output` began, and what to do. */
export function sourceProblem(file: ChangedFile, dataset: string, output: string): Problem {
  const { path, expected, received, change } = file;
  const message = `${path}, the source of ${dataset}, is now ${received} and was ${expected} (${ADVICE[change](output)})`;
  return { path, message };
}

const ADVICE: Readonly<Record<FileChange, (output: string) => string>> = {
  missing: (output) =>
    `restore it; if it has moved, correct its path in the description and ${surface().convert(output, 'resume')}`,
  resized: (output) =>
    `once no program writes to it any more, ${surface().convert(output, 'overwrite')}`,
  touched: () => `pass ${optionName('check')} to compare its values with the finished chunks`,
};

/** Whether a changed source is to be compared with the finished chunks, rather than refused. */
export function isToCompare({ change }: ChangedFile, check: boolean): boolean {
  return check && change === 'touched';
}

/** Reduces two objects to the first property that differs, so that a message is not cut off before it. */
function firstDifference(was: unknown, is: unknown): [was: unknown, is: unknown] {
  if (!isMapping(was) || !isMapping(is)) return [was, is];
  const key = Object.keys({ ...was, ...is }).find((one) => !isDeepStrictEqual(was[one], is[one]));
  if (key === undefined) return [was, is];
  const [before, after] = firstDifference(was[key], is[key]);
  return isMapping(before) || isMapping(after)
    ? [before, after]
    : [{ [key]: before }, { [key]: after }];
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function* treeDifferences(begun: Header, now: Header): Generator<Problem, void, undefined> {
  const before = new Map(nodes(begun.tree));
  const after = new Map(nodes(now.tree));
  for (const path of after.keys()) if (!before.has(path)) yield { path, message: `${path} is new` };
  for (const [path, node] of before) {
    const other = after.get(path);
    if (!other) {
      yield { path, message: `${path} is missing` };
      continue;
    }
    if (OWN_PATHS.has(path)) continue;
    if (node.kind === 'link' || other.kind === 'link') {
      if (!isSame(node, other)) yield { path, message: `${path} links to another object` };
      continue;
    }
    if (node.kind !== other.kind) yield { path, message: `${path} is another kind of object` };
    if (node.kind === 'dataset' && other.kind === 'dataset' && !isSame(node.value, other.value))
      yield difference(path, node.value.data, other.value.data);
    for (const name of new Set([
      ...Object.keys(node.attributes),
      ...Object.keys(other.attributes),
    ])) {
      const [was, is] = [node.attributes[name], other.attributes[name]];
      if (!OWN_ATTRIBUTES.has(name) && !isSame(was, is))
        yield difference(`${path}@${name}`, was?.data, is?.data);
    }
  }
}

function difference(path: string, was: unknown, is: unknown): Problem {
  return { path, message: `${path} is now ${show(is)} and was ${show(was)}` };
}

/** Compares plain values: values from a journal have other prototypes, and lack keys whose value is undefined. */
function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.map(([key, one]) => [key, plain(one)]));
}

const MAX_SHOWN = 80;

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(shown(value)) ?? String(value));
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function shown(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array, shown);
  if (Array.isArray(value) && value.length === 1) return shown(value[0]);
  return typeof value === 'bigint' ? String(value) : value;
}
