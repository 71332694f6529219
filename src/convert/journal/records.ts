import { Packr } from 'msgpackr';
import type { ExtentState } from '../../coordinator/index.js';
import type { FormatBound } from '../../layout/index.js';
import type { BulkOutline, GroupNode } from '../../nwb/index.js';
import type { Durability } from '../../options.js';
import type { DatasetSpec } from '../../plan/index.js';
import type { ReadableSpec, SourceFile } from '../../sources/index.js';

/** Format of the journal. A journal of another format is refused. */
export const FORMAT = 2;

/** Where the data of a dataset come from. */
export type RecordedData =
  | {
      readonly kind: 'source';
      readonly source: ReadableSpec;
      /** Sizes and times of the files when the conversion began. */
      readonly files: readonly SourceFile[];
    }
  /** Only a program that hands over the data again can resume the conversion. */
  | { readonly kind: 'stream' };

export interface RecordedDataset {
  readonly spec: DatasetSpec;
  readonly data: RecordedData;
}

/** The first record: everything that is needed to rebuild the file's metadata and to continue. */
export interface Header {
  readonly kind: 'header';
  readonly format: number;
  /** Version of hyperslab. */
  readonly version: string;
  /** ISO 8601. */
  readonly created: string;
  readonly libver: FormatBound;
  /** Whether the output may replace an existing file. */
  readonly overwrite: boolean;
  readonly tree: GroupNode<BulkOutline>;
  readonly datasets: readonly RecordedDataset[];
}

/** Placements and checksums of written chunks. */
interface ChunkData {
  /** The bytes of `Placements`. */
  readonly placements: Uint8Array;
  /** The bytes of a BigUint64Array, one number a chunk; 0 for a chunk that is not stored. */
  readonly checksums: Uint8Array;
}

/** A process has begun or resumed the conversion. */
export interface BegunRecord {
  readonly kind: 'begun';
  /** Identifies the time since the machine was started; see {@link currentBoot}. */
  readonly boot: string;
  readonly durability: Durability;
  /** Of the partial file. A copy of the file has another inode: it may lack what was written since it was made. */
  readonly inode: bigint;
}

/** The first chunks of a slab of whole chunks, in C order. */
export interface SlabRecord extends ChunkData {
  readonly kind: 'slab';
  readonly dataset: number;
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** Single chunks. */
export interface ChunksRecord extends ChunkData {
  readonly kind: 'chunks';
  readonly dataset: number;
  /** The first elements of the chunks, one after the other. */
  readonly starts: readonly number[];
  /** For each chunk, the rows that the dataset had when the chunk was sealed. */
  readonly rows: readonly number[];
}

/** Chunks whose bytes are not the ones that were written. Earlier records of these chunks are void. */
export interface LostRecord {
  readonly kind: 'lost';
  readonly dataset: number;
  /** The first elements of the chunks, one after the other. */
  readonly starts: readonly number[];
}

/** The extent of a dataset has changed, or the state of its data. */
export interface ExtentRecord {
  readonly kind: 'extent';
  readonly dataset: number;
  readonly extent: readonly number[];
  readonly state: ExtentState;
}

/** The data of a dataset come again from their beginning. Earlier records of the dataset are void. */
export interface RestartedRecord {
  readonly kind: 'restarted';
  readonly dataset: number;
}

/** The files of a source have other times than before, but hold the same data. */
export interface SourcesRecord {
  readonly kind: 'sources';
  readonly dataset: number;
  readonly files: readonly SourceFile[];
}

/**
 * All chunks whose records end after `from` and not after `until`, bytes of the journal, are on the disk: this run
 * wrote them, or compared them with their checksums.
 */
export interface SyncedRecord {
  readonly kind: 'synced';
  readonly from: number;
  readonly until: number;
}

/**
 * The file is about to be synced, or syncing it has failed. Unless a `complete` record follows, bytes that were not
 * synced before may never reach the disk, although reading them from the system's cache succeeds.
 */
export interface UnsyncedRecord {
  readonly kind: 'unsynced';
}

/** The file is complete, but does not have its final name yet. */
export interface CompleteRecord {
  readonly kind: 'complete';
  readonly inode: bigint;
  /** Together with the inode it identifies the file: the inode of a removed file may be reused. */
  readonly mtimeNs: bigint;
}

export type JournalRecord =
  | BegunRecord
  | SlabRecord
  | ChunksRecord
  | LostRecord
  | ExtentRecord
  | RestartedRecord
  | SourcesRecord
  | SyncedRecord
  | UnsyncedRecord
  | CompleteRecord;

// With these options, typed arrays and bigints in attributes keep their types.
const packr = new Packr({ structuredClone: true, moreTypes: true, useRecords: false });

/** A header as format 2 stores it. Some of its fields have older names. */
interface PackedHeader extends Omit<Header, 'datasets'> {
  readonly datasets: readonly {
    readonly laidOut: DatasetSpec;
    readonly data: Extract<RecordedData, { kind: 'source' }> | { readonly kind: 'blocks' };
  }[];
}

/** @returns the record in msgpack */
export function packRecord(record: Header | JournalRecord): Uint8Array {
  if (record.kind !== 'header') return packr.pack(record);
  const packed: PackedHeader = {
    ...record,
    datasets: record.datasets.map(({ spec, data }) => ({
      laidOut: spec,
      data: data.kind === 'stream' ? { kind: 'blocks' } : data,
    })),
  };
  return packr.pack(packed);
}

/** @param bytes a record in msgpack */
export function unpackRecord(bytes: Uint8Array): Header | JournalRecord {
  const record = packr.unpack(bytes) as PackedHeader | JournalRecord;
  // The caller refuses a header of another format, whose fields may differ.
  if (record.kind !== 'header' || record.format !== FORMAT) return record as Header | JournalRecord;
  return {
    ...record,
    datasets: record.datasets.map(({ laidOut, data }) => ({
      spec: laidOut,
      data: data.kind === 'blocks' ? { kind: 'stream' } : data,
    })),
  };
}

/** The bytes of a typed array, without a copy. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
