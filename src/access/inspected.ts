import type { StoredFilter } from '../hdf5/index.js';

/** An object or link of a file. */
export type Inspected =
  | InspectedGroup
  | InspectedDataset
  | InspectedLink
  | InspectedOther
  | InspectedUnreadable;

interface InspectedObject {
  /** Absolute path in the file. */
  readonly path: string;
  /** NWB's `neurodata_type`, if the object has one. */
  readonly neurodataType?: string;
}

export interface InspectedGroup extends InspectedObject {
  readonly kind: 'group';
  readonly children: readonly Inspected[];
  /** Why the links can't be read, in words; `children` is then empty. */
  readonly problem?: string;
}

/** A dataset. Lengths and sizes of 2^53 or more are bigints. */
export interface InspectedDataset extends InspectedObject {
  readonly kind: 'dataset';
  readonly dtype: string;
  readonly shape: readonly (number | bigint)[];
  readonly maxshape: readonly (number | bigint | null)[];
  readonly layout: string;
  readonly chunks: readonly number[] | null;
  readonly filters: readonly StoredFilter[];
  /** Bytes of all values. */
  readonly rawBytes: number | bigint;
  /** Bytes that the values take in the file. */
  readonly storedBytes: number;
  /** Names of other files that hold the values. */
  readonly externalFiles?: readonly string[];
  /** For a virtual dataset, the datasets that it consists of, one entry for each part. */
  readonly virtualSources?: readonly { readonly file: string; readonly path: string }[];
}

export interface InspectedLink {
  readonly kind: 'link';
  readonly path: string;
  /** Path that the link leads to: a soft link, an external link, or another hard link to a listed group. */
  readonly target?: string;
  /** For an external link, the file that it leads to. */
  readonly file?: string;
}

/** An object that is neither group nor dataset, such as a named data type. */
export interface InspectedOther extends InspectedObject {
  readonly kind: 'other';
}

/** An object that libhdf5 can't open, because it is damaged or was written by a newer HDF5. */
export interface InspectedUnreadable {
  readonly kind: 'unreadable';
  readonly path: string;
  /** Why the object can't be opened, in words. */
  readonly problem: string;
}
