/**
 * What a piscina worker runs: a task for each kind of job, by name. Workers never enter libhdf5;
 * they read sources, encode and decode chunks, and read and write the file's bytes.
 */
// As piscina gives it; to load piscina for it would double the time that a worker takes to start.
import { workerData } from 'node:worker_threads';
import { ConvertJobs } from './convert-job.js';
import { toWire } from './errors.js';
import { StoredBytes } from './file-reader.js';
import { GatheredJobs } from './gathered-job.js';
import { JobReader } from './job-reader.js';
import {
  type Answer,
  type CheckDone,
  type CheckTask,
  type DecodeDone,
  type DecodeTask,
  type EncodeDone,
  type EncodeTask,
  type JobDone,
  type Task,
  unpackPlan,
  type VerifyDone,
  type VerifyTask,
  type WorkerData,
} from './wire.js';
import { WriterSlot } from './writer-cache.js';

const { plan: packed, stop } = workerData as WorkerData;
const plan = unpackPlan(packed);
const reader = new JobReader(plan);
const writers = new WriterSlot(plan.token, plan.writerBytes);
const file = new StoredBytes(plan.filename);
const conversion = new ConvertJobs(plan, reader, writers, stop);
const gathered = new GatheredJobs(writers, file);
// Only a worker that is asked to has to load what compares.
const verification = once(async () => {
  const { VerifyJobs } = await import('./verify-job.js');
  return new VerifyJobs(plan, reader, file, stop);
});
const checks = once(async () => {
  const { CheckJobs } = await import('./check-job.js');
  return new CheckJobs(file, stop, plan.token);
});

export const convert = (task: Task): Promise<Answer<JobDone>> => answer(() => conversion.run(task));

export const verify = (task: VerifyTask): Promise<Answer<VerifyDone>> =>
  answer(async () => (await verification()).run(task));

export const encode = (task: EncodeTask): Promise<Answer<EncodeDone>> =>
  giveBack(() => gathered.encode(task));

export const decode = (task: DecodeTask): Promise<Answer<DecodeDone>> =>
  giveBack(() => gathered.decode(task));

export const check = (task: CheckTask): Promise<Answer<CheckDone>> =>
  answer(async () => (await checks()).run(task));

function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function answer<Done>(run: () => Done | Promise<Done>): Promise<Answer<Done>> {
  try {
    return { done: await run() };
  } catch (error) {
    return { error: toWire(error) };
  }
}

/** Answers, and transfers the buffers that came with the task back to the coordinator. */
async function giveBack<Done extends { readonly chunks: readonly ArrayBuffer[] }>(
  run: () => Done,
): Promise<Answer<Done>> {
  const { move, transferableSymbol, valueSymbol } = await import('piscina');
  const done = await answer(run);
  if ('error' in done) return done;
  const moved = { [transferableSymbol]: done.done.chunks, [valueSymbol]: done };
  return move(moved as unknown as ArrayBuffer) as unknown as Answer<Done>;
}
