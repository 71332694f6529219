import { deserialize, serialize } from 'node:v8';
import type { ChunkLayout, DeflatedBytes, Placements, Stages, WriteStages } from '../hdf5/index.js';
import { noStages } from '../hdf5/stages.js';
import type { DType, Grid, Hyperslab } from '../layout/index.js';
import type { SourceSpec } from '../sources/index.js';
import type { TimestampSummary } from '../sources/timestamps.js';
import type { WireError } from './errors.js';

/** A bulk dataset as the workers need to know it. */
export interface WorkerDataset {
  /** Absolute path in the file. */
  readonly name: string;
  readonly source: SourceSpec;
  readonly dtype: DType;
  readonly jobs: Grid;
  readonly layout: ChunkLayout;
  /** Whether items are big endian in the file. */
  readonly bigEndian: boolean;
  /** Whether its values are timestamps, which are looked at while they are in memory. Default: false */
  readonly isTimestamps?: boolean;
}

/** What a worker is told once, when it starts. */
export interface WorkerPlan {
  /** The file that workers verify, check or decode. */
  readonly filename: string;
  /** Identifies the open file that workers write to, see `File.token`. Left out if they only read. */
  readonly token?: bigint;
  /** Bytes that the chunk writers of one worker may hold together; one writer is always allowed. Default: 0 */
  readonly writerBytes?: number;
  /** The datasets that jobs refer to. Default: none, for tasks that bring all they need. */
  readonly datasets?: readonly WorkerDataset[];
}

/** What a piscina worker gets as its data. */
export interface WorkerData {
  readonly plan: Uint8Array;
  /** One number on shared memory: anything but 0 asks the workers to stop before the next chunk. */
  readonly stop: Int32Array;
}

/** Names a job: a hyperslab of whole chunks that one worker does in one go. */
export interface JobRef {
  /** Index of the dataset in the worker plan. */
  readonly dataset: number;
  /** Index of the job in the dataset's grid of jobs. */
  readonly job: number;
  /** The part of the job to do, made of whole chunks. Default: all of it. */
  readonly slab?: Hyperslab;
}

/**
 * Where the time of a job went. `read` was given bytes of files; of a module, which reads by itself, that is
 * not known, and 0.
 */
export type JobStages = Stages<'read'> & WriteStages;

/** Those of a job that was not done. */
export const NO_JOB_STAGES: JobStages = noStages('read', 'gather', 'filter', 'checksum', 'write');

/** @throws TypeError for a task that writes, given to workers that only read */
export function requireToken(token: bigint | undefined): bigint {
  if (token === undefined)
    throw new TypeError('Expected the token of a file for a task that writes');
  return token;
}

/** The dataset of a job. */
export function datasetOf({ datasets = [] }: WorkerPlan, { dataset }: JobRef): WorkerDataset {
  return datasets[dataset];
}

/** What a worker did for a job. */
export interface JobDone {
  /** In C order of the job's chunks; fewer than the job has if it was stopped. */
  readonly placements: Placements;
  /** XXH3-64 of the stored bytes, one a chunk; 0 where it was not stored. */
  readonly checksums: BigUint64Array;
  readonly stages: JobStages;
  readonly deflated: DeflatedBytes;
  /** Of timestamps: what was seen of them. */
  readonly timestamps?: readonly TimestampSummary[];
}

export interface VerifyTask extends JobRef {
  /** Of the job's chunks, in C order. */
  readonly placements: Placements;
}

/** The first element of a job, in the order of its chunks, in which file and source differ. */
export interface Difference {
  readonly index: readonly number[];
  readonly source: number | bigint;
  readonly file: number | bigint;
}

export interface VerifyDone {
  readonly difference: Difference | null;
}

/** Chunks that the coordinator has gathered, to be encoded and written. */
export interface EncodeTask {
  /** Absolute path of the dataset in the file. */
  readonly name: string;
  /** Of a dataset that is one chunk: its extent is the chunk. */
  readonly layout: ChunkLayout;
  /** Each a whole chunk, dense in C order, items as in the file. Transferred, not copied. */
  readonly chunks: readonly ArrayBuffer[];
}

export interface EncodeDone {
  readonly placements: Placements;
  /** XXH3-64 of the stored bytes, one a chunk; 0 where it was not stored. */
  readonly checksums: BigUint64Array;
  /** The buffers, given back. */
  readonly chunks: readonly ArrayBuffer[];
  readonly stages: WriteStages;
  readonly deflated: DeflatedBytes;
}

/** Stored chunks, to be read and decoded. */
export interface DecodeTask extends Omit<EncodeTask, 'chunks'> {
  readonly placements: Placements;
  /** Where the chunks go, one buffer each. Transferred, not copied. */
  readonly chunks: readonly ArrayBuffer[];
}

export interface DecodeDone {
  /** The buffers, given back full. */
  readonly chunks: readonly ArrayBuffer[];
}

/** Stored chunks, to be compared with the checksums of their bytes. */
export interface CheckTask {
  /** Absolute path of the dataset in the file. */
  readonly name: string;
  readonly layout: ChunkLayout;
  /** Chunks that are not stored are passed over. */
  readonly placements: Placements;
  /** One a chunk; where nothing is known of the chunks, they are only decoded. */
  readonly checksums?: BigUint64Array;
  /** How many bits of a checksum are known, the low ones. Default: all 64 */
  readonly bits?: number;
  /** Whether chunks are decoded, too. */
  readonly decode: boolean;
  /**
   * Whether chunks that fit are written again, in place: the system then brings them to the disk, though it
   * may have failed to before. Default: false
   */
  readonly rewrite?: boolean;
}

/** A chunk that is not what was stored. */
export interface FailedCheck {
  /** Its place in the task. */
  readonly at: number;
  /** In words. */
  readonly problem: string;
  /** Whether the system could not read it, which says nothing of what it holds. */
  readonly isUnreadable: boolean;
  /**
   * Of one that differs from its checksum, but decodes: whether a check of its own holds (the Adler-32 of
   * deflate, fletcher32), so that a program meant these bytes; any bytes decode where there is none.
   */
  readonly decoded?: 'proved' | 'unproved';
}

export interface CheckDone {
  /** In the order of the task; not all of them when stopped. */
  readonly failed: readonly FailedCheck[];
  readonly seconds: number;
}

/** Every task of a worker by its name, with its request and its answer. */
export interface Tasks {
  /** Reads a job from its source, encodes its chunks and writes them. */
  readonly convert: { readonly request: JobRef; readonly answer: JobDone };
  /** Compares a job with its source, value for value. */
  readonly verify: { readonly request: VerifyTask; readonly answer: VerifyDone };
  /** Encodes and writes gathered chunks. */
  readonly encode: { readonly request: EncodeTask; readonly answer: EncodeDone };
  /** Reads and decodes stored chunks. */
  readonly decode: { readonly request: DecodeTask; readonly answer: DecodeDone };
  /** Compares stored chunks with their checksums. */
  readonly check: { readonly request: CheckTask; readonly answer: CheckDone };
}

export type TaskName = keyof Tasks;
export type Request<Name extends TaskName> = Tasks[Name]['request'];
export type Answer<Name extends TaskName> = Tasks[Name]['answer'];

/** Answers carry their errors, because an error that is thrown across threads loses its class. */
export type Outcome<Done> = { readonly done: Done } | { readonly error: WireError };

// Not with msgpackr: loading it would take a worker a third of the time that everything else takes.
export const packPlan = (plan: WorkerPlan): Uint8Array => serialize(plan);

export const unpackPlan = (packed: Uint8Array): WorkerPlan => deserialize(packed) as WorkerPlan;
