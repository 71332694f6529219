import type { BulkData } from '../description/index.js';
import type { Value } from '../hdf5/index.js';
import type { DatasetKind, DType, Maxshape } from '../layout/index.js';

/** Values by attribute name. */
export type Attributes = Readonly<Record<string, Value>>;

/**
 * An object of the planned file, as plain data. The tree is built before any file exists.
 *
 * @typeParam Bulk the type of bulk datasets: with their data (default), or as an outline
 */
export type Node<Bulk extends BulkOutline = BulkNode> =
  | GroupNode<Bulk>
  | DatasetNode
  | Bulk
  | LinkNode;

export interface GroupNode<Bulk extends BulkOutline = BulkNode> {
  readonly kind: 'group';
  readonly attributes: Attributes;
  readonly children: Readonly<Record<string, Node<Bulk>>>;
}

/** A small dataset, with its values. */
export interface DatasetNode {
  readonly kind: 'dataset';
  readonly attributes: Attributes;
  readonly value: Value;
}

/** A bulk dataset without its data, as a journal records it. */
export interface BulkOutline {
  readonly kind: 'bulk';
  readonly attributes: Attributes;
  readonly dtype: DType;
  /** Lengths of the axes in elements, C order, time first. For an iterator, the lengths at the beginning. */
  readonly shape: readonly number[];
  /** The user's maxshape, else the iterator's; undefined if neither gives one. */
  readonly maxshape?: Maxshape | undefined;
  /** Decides the automatic chunk shape. */
  readonly role: DatasetKind;
}

/** A bulk dataset whose data come from a source, an array or an iterator. */
export interface BulkNode extends BulkOutline {
  readonly data: BulkData;
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
