import type { BulkData } from '../description/bulk.js';
import type { Value } from '../hdf5/value.js';
import type { DType } from '../layout/dtype.js';
import type { Maxshape } from '../layout/maxshape.js';

/** Values by attribute name. */
export type Attributes = Readonly<Record<string, Value>>;

/** An object of the file to be: plain data, made before any file exists. */
export type Node = GroupNode | DatasetNode | BulkNode | LinkNode;

export interface GroupNode {
  readonly kind: 'group';
  readonly attributes: Attributes;
  readonly children: Readonly<Record<string, Node>>;
}

/** A small dataset, whose values are already here. */
export interface DatasetNode {
  readonly kind: 'dataset';
  readonly attributes: Attributes;
  readonly value: Value;
}

/** What a bulk dataset holds; decides the automatic chunk shape. */
export type BulkRole = 'electrical' | 'image' | 'generic';

/** A dataset that workers fill: from a source, an array or an iterator. */
export interface BulkNode {
  readonly kind: 'bulk';
  readonly attributes: Attributes;
  readonly data: BulkData;
  readonly dtype: DType;
  /** Lengths of the axes, in elements, C order; time first. Of an iterator those at the beginning. */
  readonly shape: readonly number[];
  /** As asked for, else the iterator's; undefined where nothing was said. */
  readonly maxshape?: Maxshape | undefined;
  readonly role: BulkRole;
}

/** A soft link. */
export interface LinkNode {
  readonly kind: 'link';
  /** Absolute path of the target. */
  readonly target: string;
}

export function group(attributes: Attributes, children: Iterable<readonly [string, Node]> = []) {
  const node: GroupNode = { kind: 'group', attributes, children: Object.fromEntries(children) };
  return node;
}

export function dataset(value: Value, attributes: Attributes = {}): DatasetNode {
  return { kind: 'dataset', attributes, value };
}

export function link(target: string): LinkNode {
  return { kind: 'link', target };
}
