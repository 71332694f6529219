/**
 * The module that piscina runs in its worker threads; it exports one function for each task. Workers never call
 * libhdf5: they read sources, encode and decode chunks, and read and write bytes of the file.
 */
// Piscina exports workerData, too, but loading it would double the time that a worker takes to start.
import { workerData } from 'node:worker_threads';
import { ConvertJobs } from './convert-job.js';
import { toWire } from './errors.js';
import { FileReader } from './file-reader.js';
import { GatheredJobs } from './gathered-job.js';
import { JobReader } from './job-reader.js';
import {
  type Answer,
  type Outcome,
  type Request,
  type TaskName,
  unpackPlan,
  type WorkerData,
} from './wire.js';
import { WriterCache } from './writer-cache.js';

const { plan: packed, stop } = workerData as WorkerData;
const plan = unpackPlan(packed);
const reader = new JobReader(plan);
const writers = new WriterCache(plan.token, plan.writerBytes);
const file = new FileReader(plan.filename);
const conversion = new ConvertJobs(plan, reader, writers, stop);
const gathered = new GatheredJobs(writers, file);
// Loaded on first use, because most workers neither verify nor check.
const verification = once(async () => {
  const { VerifyJobs } = await import('./verify-job.js');
  return new VerifyJobs(plan, reader, file, stop);
});
const checks = once(async () => {
  const { CheckJobs } = await import('./check-job.js');
  return new CheckJobs(file, stop, plan.token);
});

/** All tasks by name; piscina looks a task up among the exports of this module. */
type Handlers = {
  readonly [Name in TaskName]: (request: Request<Name>) => Promise<Outcome<Answer<Name>>>;
};

export const { convert, verify, encode, decode, check }: Handlers = {
  convert: (job) => answer(() => conversion.run(job)),
  verify: (job) => answer(async () => (await verification()).run(job)),
  encode: (chunks) => giveBack(() => gathered.encode(chunks)),
  decode: (chunks) => giveBack(() => gathered.decode(chunks)),
  check: (chunks) => answer(async () => (await checks()).run(chunks)),
};

function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function answer<Done>(run: () => Done | Promise<Done>): Promise<Outcome<Done>> {
  try {
    return { done: await run() };
  } catch (error) {
    return { error: toWire(error) };
  }
}

/** Answers a task, and transfers its buffers back to the coordinator. */
async function giveBack<Done extends { readonly chunks: readonly ArrayBuffer[] }>(
  run: () => Done,
): Promise<Outcome<Done>> {
  const { move, transferableSymbol, valueSymbol } = await import('piscina');
  const done = await answer(run);
  if ('error' in done) return done;
  const moved = { [transferableSymbol]: done.done.chunks, [valueSymbol]: done };
  return move(moved as unknown as ArrayBuffer) as unknown as Outcome<Done>;
}
