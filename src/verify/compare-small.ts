import { type Datatype, type File, Hdf5Error, type HdfObject, type Value } from '../hdf5/index.js';
import { product, shapeText } from '../layout/index.js';
import { nodes } from '../nwb/index.js';
import type { Prepared } from '../plan/index.js';
import type { DatasetVerification } from './report.js';

/** Datasets that differ between two conversions of the same description. */
const VARYING = new Set(['/file_create_date', '/general/was_generated_by']);

/** Compares the datasets whose values come from the description itself. */
export function* compareSmall(file: File, { tree }: Prepared): Generator<DatasetVerification> {
  for (const [path, node] of nodes(tree)) {
    if (node.kind !== 'dataset' || VARYING.has(path)) continue;
    const values = product(node.value.shape);
    const problem = problemOf(() => {
      using dataset = file.dataset(path);
      return valueProblem(node.value, dataset.read());
    });
    yield problem ? { path, equal: false, values, problem } : { path, equal: true, values };
  }
}

/** Yields the attributes that differ, as `path@name`: a wrong unit or gain makes values wrong. */
export function* compareAttributes(file: File, { tree }: Prepared): Generator<DatasetVerification> {
  for (const [path, node] of nodes(tree)) {
    if (node.kind === 'link' || !path.startsWith('/acquisition/')) continue;
    using object = openIfThere(file, path);
    // A missing object is reported by the comparison of its datasets.
    if (!object) continue;
    for (const [name, value] of Object.entries(node.attributes)) {
      if (name === 'object_id') continue;
      const problem = problemOf(() => valueProblem(value, object.attributes.get(name)));
      if (problem) yield { path: `${path}@${name}`, equal: false, values: 1, problem };
    }
  }
}

function openIfThere(file: File, path: string): HdfObject | undefined {
  try {
    return file.open(path);
  } catch (error) {
    if (error instanceof Hdf5Error) return undefined;
    throw error;
  }
}

/** Whether a type is at least as wide as expected. The NWB schema allows wider numbers, and PyNWB writes them. */
function isWide(received: Datatype, expected: Datatype): boolean {
  const [kind, bits] = split(received);
  const [wantedKind, wantedBits] = split(expected);
  return kind === wantedKind && bits >= wantedBits;
}

/** `int16` is `int` of 16 bits. */
function split(dtype: Datatype): [kind: string, bits: number] {
  const [, kind, bits] = /^(\D+)(\d*)$/.exec(dtype) as RegExpExecArray;
  return [kind, Number(bits)];
}

function items({ dtype, data }: Value): readonly unknown[] {
  const values = Array.from(data as ArrayLike<number | bigint | string>);
  return dtype.includes('int') ? values.map(BigInt) : values;
}

function valueProblem(expected: Value, received: Value): string | undefined {
  if (!isWide(received.dtype, expected.dtype))
    return `expected ${expected.dtype} but received ${received.dtype}`;
  if (String(expected.shape) !== String(received.shape))
    return `expected the shape ${shapeText(expected.shape)} but received ${shapeText(received.shape)}`;
  const found = items(received);
  const at = items(expected).findIndex((value, index) => !Object.is(value, found[index]));
  if (at < 0) return undefined;
  return `expected ${expected.data[at]} as value ${at} but received ${received.data[at]}`;
}

/** The problem that `look` finds, or the message of an Hdf5Error that it throws. */
export function problemOf(look: () => string | undefined): string | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof Hdf5Error) return error.message;
    throw error;
  }
}
