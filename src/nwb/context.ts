import type { Attributes } from './node.js';
import { text } from './values.js';

/** Newest NWB schema that the tree follows; used if the description names no specifications. */
export const NWB_VERSION = '2.9.0';

/** Values that all parts of the tree share. */
export interface TreeContext {
  /** Version of the core namespace that the file follows. */
  readonly nwbVersion: string;
  /** hyperslab's own version, for `was_generated_by`. */
  readonly version: string;
  readonly now: Date;
  /** Makes the UUIDs of typed objects. */
  readonly objectId: () => string;
}

export type Namespace = 'core' | 'hdmf-common';

/** The attributes that give an object its NWB type. */
export function typed(context: TreeContext, namespace: Namespace, type: string): Attributes {
  return {
    namespace: text(namespace),
    neurodata_type: text(type),
    object_id: text(context.objectId()),
  };
}

/** Whether `version` is `least` or newer. Suffixes such as `-alpha` are ignored. */
export function atLeast(version: string, least: string): boolean {
  const parts = (v: string) => v.split(/[.-]/).slice(0, 3).map(Number);
  const [a, b] = [parts(version), parts(least)];
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] || 0) - (b[i] || 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
