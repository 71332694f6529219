import { Packr } from 'msgpackr';
import type { FormatBound } from '../../layout/index.js';
import type { GroupNode } from '../../nwb/index.js';
import type { LaidOut } from '../../plan/new-dataset.js';
import type { SourceFile, SourceSpec } from '../../sources/index.js';

/** Of the records that follow. A journal of another is not read. */
export const FORMAT = 2;

/**
 * `process`: what is on record survives the end of the process. `power`: that of the machine, too, but
 * for the last moments.
 */
export type Durability = 'process' | 'power';

/** Where a planned dataset's data come from. */
export type RecordedData =
  | {
      readonly kind: 'source';
      readonly source: SourceSpec;
      /** As they were when the conversion began. */
      readonly files: readonly SourceFile[];
    }
  /** From the program: only who gives it again can go on. */
  | { readonly kind: 'blocks' };

export interface RecordedDataset {
  readonly laidOut: LaidOut;
  readonly data: RecordedData;
}

/** The first record: all that is needed to make the file's metadata anew and to go on. */
export interface Header {
  readonly kind: 'header';
  readonly format: number;
  /** hyperslab's. */
  readonly version: string;
  /** ISO 8601. */
  readonly created: string;
  readonly libver: FormatBound;
  /** Whether it may take the place of an existing file. */
  readonly overwrite: boolean;
  /** The file's, without what its bulk datasets hold. */
  readonly tree: GroupNode;
  readonly datasets: readonly RecordedDataset[];
}

/** What is known of written chunks: of each three numbers and a checksum, 0 where it was not stored. */
interface ChunkData {
  /** Float64Array: address (-1 where it was not stored), stored bytes, filter mask. */
  readonly placements: Uint8Array;
  /** BigUint64Array. */
  readonly checksums: Uint8Array;
}

/** A process has taken up the conversion. */
export interface BegunRecord {
  readonly kind: 'begun';
  /** The run of the machine; see {@link currentBoot}. */
  readonly boot: string;
  readonly durability: Durability;
  /** Of the partial file: a copy of it has another, and may lack what was written since it was copied. */
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
  /** First elements, one after the other. */
  readonly starts: readonly number[];
  /** Of each chunk the rows that the dataset had when it was taken to be written. */
  readonly rows: readonly number[];
}

/** Chunks whose bytes are not what was written: what was on record of them does not hold. */
export interface LostRecord {
  readonly kind: 'lost';
  readonly dataset: number;
  readonly starts: readonly number[];
}

/** A dataset has another extent. */
export interface ExtentRecord {
  readonly kind: 'extent';
  readonly dataset: number;
  readonly extent: readonly number[];
  /** `acknowledged`: all that came until then is on record; `ended`: nothing more comes. */
  readonly state: 'growing' | 'acknowledged' | 'ended';
}

/** A dataset's data come from their beginning again: what was on record of it does not hold. */
export interface RestartedRecord {
  readonly kind: 'restarted';
  readonly dataset: number;
}

/** The files of a dataset's source have other times than before, and were found to hold the same. */
export interface SourcesRecord {
  readonly kind: 'sources';
  readonly dataset: number;
  readonly files: readonly SourceFile[];
}

/**
 * The chunks are on the disk whose records end between two places of the journal: those that this run wrote,
 * or compared with their checksums.
 */
export interface SyncedRecord {
  readonly kind: 'synced';
  readonly from: number;
  readonly until: number;
}

/**
 * The file is about to be brought to the disk, or that has failed: until it is complete, what was not synced
 * before may never come to be there, whatever the system's cache says.
 */
export interface UnsyncedRecord {
  readonly kind: 'unsynced';
}

/** The file is complete, and has yet to get its name. */
export interface CompleteRecord {
  readonly kind: 'complete';
  readonly inode: bigint;
  /** The number of a file that was removed may be another's: with when it was written it is its own. */
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

// Typed arrays and bigints of attributes keep their types.
const packr = new Packr({ structuredClone: true, moreTypes: true, useRecords: false });

export const packRecord = (record: Header | JournalRecord): Uint8Array => packr.pack(record);

export const unpackRecord = (bytes: Uint8Array): Header | JournalRecord =>
  packr.unpack(bytes) as Header | JournalRecord;

export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
