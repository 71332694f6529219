/**
 * What a piscina worker runs: a task for each kind of job, by name. Workers never enter libhdf5;
 * they read sources, encode and decode chunks, and read and write the file's bytes.
 */
// As piscina gives it; to load piscina for it would double the time that a worker takes to start.
import { workerData } from 'node:worker_threads';
import { ConvertJobs } from './convert-job.js';
import { toWire } from './errors.js';
import { JobReader } from './reading.js';
import { VerifyJobs } from './verify-job.js';
import {
  type Answer,
  type JobDone,
  type Task,
  unpackPlan,
  type VerifyDone,
  type VerifyTask,
  type WorkerData,
} from './wire.js';

const { plan: packed, stop } = workerData as WorkerData;
const plan = unpackPlan(packed);
const reader = new JobReader(plan);
const conversion = new ConvertJobs(plan, reader, stop);
const verification = new VerifyJobs(plan, reader, stop);

export const convert = (task: Task): Promise<Answer<JobDone>> => answer(conversion.run(task));

export const verify = (task: VerifyTask): Promise<Answer<VerifyDone>> =>
  answer(verification.run(task));

async function answer<Done>(done: Promise<Done>): Promise<Answer<Done>> {
  try {
    return { done: await done };
  } catch (error) {
    return { error: toWire(error) };
  }
}
