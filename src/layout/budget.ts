import { plural } from '../wording.js';
import { BudgetError, exactBytes, LayoutError } from './errors.js';

/** Size of one job's data in bytes: large enough that fixed costs don't matter, small enough to show progress. */
export const JOB_TARGET = 32 * 1024 * 1024;

/** With about four jobs per worker, no worker is idle for long while the last job runs. */
const JOBS_PER_WORKER = 4;

/** The memory for all workers, and what each of them needs besides its jobs. */
export interface BudgetRequest {
  /** Bytes that all workers together may hold. */
  readonly memory: number;
  readonly workers: number;
  /** Bytes that a worker needs for any job: the buffers of its encoder. */
  readonly encodeBytes: number;
  /** `memory` is one of this many equal parts of the memory that the user allows. Default: 1 */
  readonly parts?: number;
  /** The dataset's name in messages. */
  readonly name: string;
}

/** The limits of one job. */
export interface JobBudget {
  /** Hard limit for the scratch memory of one job, in bytes; negative if not even the encoder fits. */
  readonly scratchBytes: number;
  /** Wanted size of one job's data, in bytes. */
  readonly targetBytes: number;
}

/**
 * The limits of one job of a dataset of `dataBytes` bytes.
 *
 * @throws LayoutError if `workers` is less than 1, or `memory` is negative or not a number
 */
export function jobBudget(request: BudgetRequest, dataBytes: number): JobBudget {
  const { memory, workers, encodeBytes, name } = request;
  if (!Number.isSafeInteger(workers) || workers < 1) {
    throw new LayoutError({ name, expected: 'at least 1 worker', received: String(workers) });
  }
  if (!(memory >= 0)) {
    throw new LayoutError({ name, expected: 'an amount of memory', received: String(memory) });
  }
  return {
    scratchBytes: Math.floor(memory / workers) - encodeBytes,
    targetBytes: Math.min(JOB_TARGET, dataBytes / (workers * JOBS_PER_WORKER)),
  };
}

/** The error for a dataset if a job of one chunk, which needs `scratchBytes` of scratch memory, does not fit. */
export function tooLittleMemory(request: BudgetRequest, scratchBytes: number): BudgetError {
  const { workers, encodeBytes } = request;
  const each = scratchBytes + encodeBytes;
  const workersThatFit = Math.floor(request.memory / each);
  const reason = `${plural(workers, 'worker')} x ${exactBytes(each)} for one chunk`;
  return refusal(request, workers * each, workersThatFit, reason);
}

/** @param needed bytes that this part of the memory would need */
function refusal(
  { name, workers, memory, parts = 1 }: BudgetRequest,
  needed: number,
  workersThatFit: number,
  reason: string,
): BudgetError {
  return new BudgetError({
    name,
    workers,
    memory: memory * parts,
    needed: needed * parts,
    reason: parts > 1 ? `${reason}, and as much for the other data` : reason,
    workersThatFit,
  });
}

/** Data that arrive in any order and are gathered into whole chunks in memory. */
export interface GatheringRequest extends BudgetRequest {
  /** Items of one chunk of the dataset. */
  readonly chunkItems: number;
  readonly itemSize: number;
}

/** Bytes of a chunk that is being gathered: its items, and one bit per item that tells whether it has arrived. */
export function gatheringBytes(chunkItems: number, itemSize: number): number {
  return chunkItems * itemSize + Math.ceil(chunkItems / 64) * 8;
}

/**
 * Bytes left for all gathered chunks together, after the buffers of the workers that encode them.
 *
 * @throws BudgetError if less than one chunk is left
 */
export function gatheringBudget(request: GatheringRequest): number {
  const { memory, workers, encodeBytes, chunkItems, itemSize } = request;
  const chunk = gatheringBytes(chunkItems, itemSize);
  const left = memory - workers * encodeBytes;
  if (left >= chunk) return left;
  const needed = workers * encodeBytes + chunk;
  const workersThatFit = Math.max(0, Math.floor((memory - chunk) / encodeBytes));
  const reason =
    `${plural(workers, 'worker')} x ${exactBytes(encodeBytes)}, ` +
    `and ${exactBytes(chunk)} for the chunk that is being gathered`;
  throw refusal(request, needed, workersThatFit, reason);
}
