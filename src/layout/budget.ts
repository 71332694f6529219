import { plural } from '../wording.js';
import { BudgetError, exactBytes, LayoutError } from './errors.js';

/** Enough data in one job to make its fixed costs vanish, little enough to show progress. */
export const JOB_TARGET = 32 * 1024 * 1024;

/** With about four jobs a worker no worker waits long for the last one. */
const JOBS_PER_WORKER = 4;

/** What all workers together may hold. */
export interface BudgetRequest {
  /** Bytes that all workers together may hold. */
  readonly memory: number;
  readonly workers: number;
  /** Bytes that a worker holds whatever the job is: its encoder's buffers. */
  readonly encodeBytes: number;
  /** Equal parts that the user's memory is cut into, of which `memory` is one; default 1. */
  readonly parts?: number;
  /** The dataset's name in messages. */
  readonly name: string;
}

/** What one job may take. */
export interface JobBudget {
  /** Hard bound on the scratch memory of one job, bytes; negative when not even encoding fits. */
  readonly scratchBytes: number;
  /** Wanted size of one job's data, bytes. */
  readonly targetBytes: number;
}

/**
 * What one job of a dataset of `dataBytes` may take.
 *
 * @throws LayoutError when there is not at least one worker, or the memory is not an amount.
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

/** The error for a dataset of which one chunk, with `scratchBytes` of scratch, is too much. */
export function tooLittleMemory(request: BudgetRequest, scratchBytes: number): BudgetError {
  const { workers, encodeBytes } = request;
  const each = scratchBytes + encodeBytes;
  const workersThatFit = Math.floor(request.memory / each);
  const reason = `${plural(workers, 'worker')} x ${exactBytes(each)} for one chunk`;
  return refusal(request, workers * each, workersThatFit, reason);
}

/** @param needed bytes that this part of the memory would have to have, and why */
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

/** Data that are gathered into chunks, in memory. */
export interface GatheringRequest extends BudgetRequest {
  /** Items of one chunk of the dataset. */
  readonly chunkItems: number;
  readonly itemSize: number;
}

/** Bytes of a chunk that is being gathered: its items, and a bit for each that says if it has come. */
export function gatheringBytes(chunkItems: number, itemSize: number): number {
  return chunkItems * itemSize + Math.ceil(chunkItems / 64) * 8;
}

/**
 * Bytes that gathered chunks may take together, beside the buffers of the workers that encode them.
 *
 * @throws BudgetError when the memory does not hold one chunk beside them
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
