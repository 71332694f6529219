import type { Attributes } from './node.js';
import { text } from './values.js';

/** Newest schema whose types this tree is made of; used where no specifications were found. */
export const NWB_VERSION = '2.9.0';

/** What the parts of the tree need to know of the whole. */
export interface TreeContext {
  /** Version of the core namespace that the file follows. */
  readonly nwbVersion: string;
  /** Name and version of the program that writes, for `was_generated_by`. */
  readonly version: string;
  readonly now: Date;
  /** Makes the UUIDs of typed objects. */
  readonly objectId: () => string;
}

export type Namespace = 'core' | 'hdmf-common';

/** The attributes that make an object a typed one. */
export function typed(context: TreeContext, namespace: Namespace, type: string): Attributes {
  return {
    namespace: text(namespace),
    neurodata_type: text(type),
    object_id: text(context.objectId()),
  };
}

/** Is `version` the same as `least` or newer? Suffixes such as `-alpha` count for nothing. */
export function atLeast(version: string, least: string): boolean {
  const parts = (v: string) => v.split(/[.-]/).slice(0, 3).map(Number);
  const [a, b] = [parts(version), parts(least)];
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] || 0) - (b[i] || 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
