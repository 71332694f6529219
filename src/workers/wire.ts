import { deserialize, serialize } from 'node:v8';
import type { ChunkLayout, DeflatedBytes, Placements, Stages, WriteStages } from '../hdf5/index.js';
import { noStages } from '../hdf5/stages.js';
import type { DType, Grid, Hyperslab } from '../layout/index.js';
import type { ReadableSpec } from '../sources/index.js';
import type { TimestampSummary } from '../sources/timestamps.js';
import type { WireError } from './errors.js';

/** The properties of a bulk dataset that workers need. */
export interface WorkerDataset {
  /** Absolute path in the file. */
  readonly name: string;
  readonly source: ReadableSpec;
  readonly dtype: DType;
  readonly jobs: Grid;
  readonly layout: ChunkLayout;
  /** Whether items are big endian in the file. */
  readonly bigEndian: boolean;
  /** Whether the values are timestamps, which are checked for faults while they are in memory. Default: false */
  readonly isTimestamps?: boolean;
}

/** What a worker gets once, when it starts. */
export interface WorkerPlan {
  /** The file that workers verify, check or decode. */
  readonly filename: string;
  /** Identifies the open file that workers write to, see `File.token`. Left out if they only read. */
  readonly token?: bigint;
  /** Bytes that the chunk writers of one worker may hold together; one writer is always allowed. Default: 0 */
  readonly writerBytes?: number;
  /** The datasets that jobs refer to. Default: none, for tasks that contain all they need */
  readonly datasets?: readonly WorkerDataset[];
}

/** The `workerData` of a piscina worker. */
export interface WorkerData {
  /** A packed {@link WorkerPlan}. */
  readonly plan: Uint8Array;
  /** One number in shared memory: any value but 0 asks the workers to stop before the next chunk. */
  readonly stop: Int32Array;
}

/** Identifies a job: a hyperslab of whole chunks that one worker does in one call. */
export interface JobRef {
  /** Index of the dataset in the worker plan. */
  readonly dataset: number;
  /** Index of the job in the dataset's grid of jobs. */
  readonly job: number;
  /** The part of the job to do, made of whole chunks. Default: all of it. */
  readonly slab?: Hyperslab;
}

/**
 * Time and data of each stage of a job. `bytesIn` of `read` counts bytes of files; it is 0 for a module, which reads
 * its files by itself.
 */
export type JobStages = Stages<'read'> & WriteStages;

/** The stages of a job that was not done. */
export const NO_JOB_STAGES: JobStages = noStages('read', 'gather', 'filter', 'checksum', 'write');

/** @throws TypeError if the token is missing: a task that writes was sent to workers that only read */
export function requireToken(token: bigint | undefined): bigint {
  if (token === undefined)
    throw new TypeError('Expected the token of a file for a task that writes');
  return token;
}

/** The dataset of a job. */
export function datasetOf({ datasets = [] }: WorkerPlan, { dataset }: JobRef): WorkerDataset {
  return datasets[dataset];
}

/** The result of converting a job. */
export interface JobDone {
  /** In C order of the job's chunks; fewer than the job has if it was stopped. */
  readonly placements: Placements;
  /** XXH3-64 of the stored bytes of each chunk; 0 for a chunk that is not stored. */
  readonly checksums: BigUint64Array;
  readonly stages: JobStages;
  readonly deflated: DeflatedBytes;
  /** Summaries of the values, one per piece, if they are timestamps. */
  readonly timestamps?: readonly TimestampSummary[];
}

export interface VerifyTask extends JobRef {
  /** Placements of the job's chunks, in C order. */
  readonly placements: Placements;
}

/** The first element of a job, in the order of its chunks, that differs between file and source. */
export interface Difference {
  readonly index: readonly number[];
  readonly source: number | bigint;
  readonly file: number | bigint;
}

export interface VerifyDone {
  readonly difference: Difference | null;
}

/** Encode and write chunks that the coordinator has gathered. */
export interface EncodeTask {
  /** Absolute path of the dataset in the file. */
  readonly name: string;
  /** The layout of a dataset of one chunk, whose extent is the shape of the chunk. */
  readonly layout: ChunkLayout;
  /** Whole chunks, each dense in C order, with items as in the file. Transferred to the worker, not copied. */
  readonly chunks: readonly ArrayBuffer[];
}

export interface EncodeDone {
  readonly placements: Placements;
  /** XXH3-64 of the stored bytes of each chunk; 0 for a chunk that is not stored. */
  readonly checksums: BigUint64Array;
  /** The buffers of the task, transferred back. */
  readonly chunks: readonly ArrayBuffer[];
  readonly stages: WriteStages;
  readonly deflated: DeflatedBytes;
}

/** Read and decode stored chunks. */
export interface DecodeTask extends Omit<EncodeTask, 'chunks'> {
  readonly placements: Placements;
  /** One buffer for each decoded chunk. Transferred to the worker, not copied. */
  readonly chunks: readonly ArrayBuffer[];
}

export interface DecodeDone {
  /** The buffers of the task with the decoded chunks, transferred back. */
  readonly chunks: readonly ArrayBuffer[];
}

/** Compare stored chunks with the checksums of their bytes. */
export interface CheckTask {
  /** Absolute path of the dataset in the file. */
  readonly name: string;
  readonly layout: ChunkLayout;
  /** Chunks that are not stored are skipped. */
  readonly placements: Placements;
  /** The known checksum of each chunk. Default: unknown; the chunks are then only decoded */
  readonly checksums?: BigUint64Array;
  /** How many low bits of each checksum are known. Default: all 64 */
  readonly bits?: number;
  /** Whether to decode the chunks, too. */
  readonly decode: boolean;
  /**
   * Whether to rewrite intact chunks in place, so that the system writes them to the disk again after an earlier
   * attempt failed. Default: false
   */
  readonly rewrite?: boolean;
}

/** A chunk that failed a check. */
export interface FailedCheck {
  /** Index of the chunk in the task. */
  readonly at: number;
  /** The problem, in words. */
  readonly problem: string;
  /** Whether the system could not read the chunk; its contents may still be intact. */
  readonly isUnreadable: boolean;
  /**
   * Set for a chunk that differs from its checksum but can be decoded. `proved`: a checksum inside the chunk (the
   * Adler-32 of deflate, or fletcher32) is right, so some program wrote these bytes on purpose. `unproved`: the
   * chunk has no checksum inside, and any bytes could be decoded.
   */
  readonly decoded?: 'proved' | 'unproved';
}

export interface CheckDone {
  /** In the order of the task; incomplete if the task was stopped. */
  readonly failed: readonly FailedCheck[];
  readonly seconds: number;
}

/** All tasks of a worker by name, each with its request and its answer. */
export interface Tasks {
  /** Reads a job from its source, encodes its chunks and writes them. */
  readonly convert: { readonly request: JobRef; readonly answer: JobDone };
  /** Compares all values of a job with its source. */
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

/** The answer or the error of a task. Errors are returned, because an error thrown across threads loses its class. */
export type Outcome<Done> = { readonly done: Done } | { readonly error: WireError };

/**
 * Packs a plan for the `workerData` of workers. Does not use msgpackr, because loading it would lengthen the start of
 * a worker by a third.
 */
export const packPlan = (plan: WorkerPlan): Uint8Array => serialize(plan);

export const unpackPlan = (packed: Uint8Array): WorkerPlan => deserialize(packed) as WorkerPlan;
