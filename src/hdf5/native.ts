import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { endianness } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  ChunkLayout,
  EncodedChunk,
  Hyperslab,
  Lattice,
  Origin,
  Piece,
  WrittenChunks,
} from './chunk-types.js';
import { hdf5ErrorOf } from './errors.js';
import type { Datatype, StoredDatatype } from './value.js';

/** A file, group or dataset; see native/addon/handle.h for its life. */
export interface Handle {
  close(): void;
  /** For a file: discards the metadata that are still in memory. */
  abandon(): void;
  isOpen(): boolean;
}

export interface NativeValue {
  readonly dtype: Datatype;
  readonly shape: number[];
  readonly data: Uint8Array | string[];
}

export interface NativeLink {
  readonly name: string;
  readonly kind: 'hard' | 'soft' | 'external';
  /** Path that a soft or external link leads to. */
  readonly target?: string;
  /** The file that an external link leads to. */
  readonly file?: string;
}

export interface NativeDatasetInfo {
  readonly dtype: StoredDatatype;
  readonly itemSize: number;
  readonly bigEndian: boolean;
  /** Lengths of 2^53 or more are bigints. */
  readonly shape: (number | bigint)[];
  readonly maxshape: (number | bigint | null)[];
  readonly layout: 'chunked' | 'contiguous' | 'compact' | 'virtual';
  readonly chunks: (number | bigint)[] | null;
  readonly filters: readonly { id: number; name: string; parameters: number[] }[];
  /** Whether chunks that reach beyond the extent are stored without filters. */
  readonly unfilteredEdges: boolean;
  /** Other files that hold the values; none if this file holds them. */
  readonly externalFiles: readonly string[];
  /** The datasets that a virtual dataset consists of, one entry per part. */
  readonly virtualSources?: readonly { file: string; path: string }[];
  readonly storedBytes: number | bigint;
}

export interface NativeSelection {
  readonly start: readonly number[];
  readonly count: readonly number[];
  readonly step?: readonly number[];
}

/** The addon's part for `codec.ts`. */
export interface NativeCodec {
  readonly ChunkCodec: new (
    layout: ChunkLayout,
  ) => {
    encode(pieces: readonly Piece[], chunkStart: readonly number[]): EncodedChunk;
    decode(stored: Uint8Array, filterMask: number, out?: Uint8Array): Uint8Array;
    difference(
      pieces: readonly Piece[],
      chunkStart: readonly number[],
      stored: Uint8Array,
      filterMask: number,
    ): number;
    heldBytes(): number;
    release(): void;
  };
  readonly ChunkWriter: new (
    token: bigint,
    layout: ChunkLayout,
  ) => {
    write(
      pieces: readonly Piece[],
      slab: Hyperslab,
      stop?: Int32Array,
      origin?: Origin,
    ): WrittenChunks;
    writeDense(chunks: readonly Uint8Array[]): WrittenChunks;
    heldBytes(): number;
    close(): void;
  };
  encoderBytes(layout: ChunkLayout): number;
}

/** The addon's part for `copy.ts`. */
export interface NativeCopy {
  copyItems(
    from: Lattice,
    to: Lattice,
    count: readonly number[],
    itemSize: number,
    swap: boolean | undefined,
    covered: Uint8Array | undefined,
  ): number;
  fillItems(bytes: Uint8Array, item: Uint8Array, covered: Uint8Array | undefined): void;
  isFilled(bytes: Uint8Array, item: Uint8Array): boolean;
}

/** The addon's part for `lock.ts`. */
export interface NativeLock {
  tryLock(descriptor: number): LockAnswer;
}

/**
 * `locked`: this descriptor now has the lock; `held`: another opening of the file has it, in this or another
 * process; `unsupported`: the file system has no locks.
 */
export type LockAnswer = 'locked' | 'held' | 'unsupported';

/** The addon's part for `space.ts`. */
export interface NativeSpace {
  readonly Space: new (
    token: bigint,
  ) => {
    reserve(bytes: number): number;
    write(bytes: Uint8Array, address: number): void;
    close(): void;
  };
}

/** The addon's part for `checksum.ts`. */
export interface NativeChecksum {
  checksum(bytes: Uint8Array): bigint;
}

/** The addon's functions; the addon checks their arguments. */
export interface Native extends NativeChecksum, NativeCodec, NativeCopy, NativeLock, NativeSpace {
  initialize(classes: { Hdf5Error: typeof hdf5ErrorOf }): void;
  libraryVersion(): string;

  createFile(
    path: string,
    exclusive: boolean,
    libver: string,
    rebuild: boolean,
    noLinks: boolean,
    unlogged: boolean,
  ): Handle;
  openFile(path: string, writable: boolean, libver: string): Handle;
  flushFile(file: Handle): void;
  stagedBytes(file: Handle): number;
  reclaimSpace(file: Handle): void;
  fileIdentity(file: Handle): { device: bigint; inode: bigint };
  spaceToken(file: Handle): bigint;
  reserve(file: Handle, bytes: number): number;

  createGroup(location: Handle, name: string): Handle;
  openObject(
    location: Handle,
    path: string,
  ): { kind: 'group' | 'dataset' | 'other'; handle: Handle };
  objectIdentity(object: Handle): bigint;
  createSoftLink(location: Handle, name: string, target: string): void;
  deleteLink(location: Handle, name: string): void;
  hasLink(location: Handle, name: string): boolean;
  links(location: Handle): NativeLink[];

  writeAttribute(
    object: Handle,
    name: string,
    dtype: string,
    shape: readonly number[],
    data: unknown,
  ): void;
  readAttribute(object: Handle, name: string, maxItems?: number): NativeValue;
  hasAttribute(object: Handle, name: string): boolean;
  deleteAttribute(object: Handle, name: string): void;
  attributeNames(object: Handle): string[];

  createDataset(location: Handle, name: string, options: object): Handle;
  datasetInfo(dataset: Handle): NativeDatasetInfo;
  fillValue(dataset: Handle): Uint8Array | undefined;
  resizeDataset(dataset: Handle, shape: readonly number[]): void;
  writeDataset(
    dataset: Handle,
    selection: NativeSelection | null,
    dtype: string,
    data: unknown,
  ): void;
  readDataset(dataset: Handle, selection: NativeSelection | null): NativeValue;

  placeChunks(
    dataset: Handle,
    start: readonly number[],
    count: readonly number[],
    placements: Float64Array,
    more: boolean,
  ): void;
  vacateChunks(
    dataset: Handle,
    start: readonly number[],
    count: readonly number[],
    placements: Float64Array,
  ): boolean;
  locateChunks(dataset: Handle, start: readonly number[], count: readonly number[]): Float64Array;
  readChunk(
    dataset: Handle,
    offset: readonly number[],
  ): { bytes: Uint8Array; filterMask: number } | null;
}

/**
 * Loads the local build, or else the prebuilt binary for this platform. If the environment variable
 * `HYPERSLAB_ADDON` is set, loads only the addon at that path, such as a build with sanitizers.
 */
function load(): Native {
  if (endianness() !== 'LE')
    throw new Error(
      'Expected a little-endian host for the native addon but this one is big endian',
    );
  const places = [
    '../../build/h5lib.node',
    `../../prebuilds/${process.platform}-${process.arch}/h5lib.node`,
  ].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const chosen = process.env.HYPERSLAB_ADDON;
  const candidates = chosen ? [resolve(chosen)] : places;
  const found = candidates.find((path) => existsSync(path));
  if (!found)
    throw new Error(
      `Expected the native addon at ${candidates.join(' or ')} but found none: run \`node scripts/setup.mjs\` in the package's folder`,
    );
  const native = createRequire(import.meta.url)(found) as Native;
  native.initialize({ Hdf5Error: hdf5ErrorOf });
  return native;
}

export const native = load();
