import { resolve } from 'node:path';
import { runJobs } from '../coordinator/jobs.js';
import { withPool } from '../coordinator/pool.js';
import type { Description } from '../description/index.js';
import { type ChunkLayout, type Dataset, File } from '../hdf5/index.js';
import {
  cellAt,
  cellCount,
  interleave,
  LayoutError,
  planDataset,
  product,
  slabSize,
} from '../layout/index.js';
import { type ConvertOptions, type FilledOptions, fillOptions } from '../options.js';
import { type Prepared, prepare } from '../plan/prepare.js';
import { chunkProblem, storedLaidOut } from '../plan/stored-dataset.js';
import {
  isGathered,
  isSourced,
  mostEncoderBytes,
  type PreparedDataset,
  type SourceDataset,
} from '../plan/work.js';
import { isDataChunkIterator, openSource } from '../sources/index.js';
import type { Difference, VerifyDone, VerifyTask, WorkerDataset } from '../workers/index.js';
import { compareArray } from './compare-array.js';
import { compareAttributes, compareSmall, problemOf } from './compare-small.js';

/** How a dataset (or `path@name`, an attribute that differs) of the file compares with what the description says. */
export interface DatasetVerification {
  /** Absolute path in the file. */
  readonly path: string;
  readonly equal: boolean;
  /** How many values it should have. */
  readonly values: number;
  /** In words, what differs first. */
  readonly problem?: string;
  /** The first value that differs, in the order of jobs and chunks. */
  readonly difference?: Difference;
}

export interface VerifyReport {
  /** The file. */
  readonly path: string;
  readonly equal: boolean;
  readonly values: number;
  readonly rawBytes: number;
  readonly seconds: number;
  readonly datasets: readonly DatasetVerification[];
}

export interface VerifyOptions
  extends Pick<ConvertOptions, 'workers' | 'memory' | 'signal' | 'baseDir' | 'modules'> {
  /** Bytes of the sources compared so far, and in all. */
  readonly onProgress?: (progress: { bytesRead: number; bytesPlanned: number }) => void;
}

/**
 * Compares every value of a file with the sources that a description names, in parallel, and the
 * attributes of its series with what the description says.
 *
 * @param path the file; paths of the description count from `options.baseDir`
 * @throws what `convert` throws for a description or sources that do not fit
 * @throws Hdf5Error when the file can't be opened
 */
export async function verify(
  path: string,
  description: Description,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const begin = performance.now();
  const { onProgress, ...rest } = options;
  const filled = fillOptions(rest);
  const prepared = await prepare(description, filled);
  for (const dataset of prepared.datasets) refuseIterator(dataset);
  using file = new File(resolve(path), 'r');
  const datasets = [
    ...compareSmall(file, prepared),
    ...compareAttributes(file, prepared),
    ...(await compareBulk(file, prepared, filled, onProgress)),
  ];
  return {
    path: file.filename,
    equal: datasets.every(({ equal }) => equal),
    values: datasets.reduce((sum, { values }) => sum + values, 0),
    rawBytes: prepared.datasets.reduce((sum, { rawBytes }) => sum + rawBytes, 0),
    seconds: (performance.now() - begin) / 1000,
    datasets,
  };
}

/** @throws LayoutError for data that were gone when they had been converted */
function refuseIterator(dataset: PreparedDataset): void {
  if (!isGathered(dataset) || !isDataChunkIterator(dataset.blocks)) return;
  const expected = 'data that can be read again';
  throw new LayoutError({ name: dataset.path, expected, received: 'an iterator' });
}

/** A dataset of the file whose values can be compared with its source. */
interface Found {
  readonly prepared: SourceDataset;
  readonly dataset: Dataset;
  /** With the chunks of the file, which need not be those that we would choose. */
  readonly layout: ChunkLayout;
}

interface Candidate extends Found {
  readonly worker: WorkerDataset;
  /** Of the jobs that differ the first. */
  found?: { readonly job: number; readonly difference: Difference };
}

async function compareBulk(
  file: File,
  { datasets }: Prepared,
  options: FilledOptions,
  onProgress: VerifyOptions['onProgress'],
): Promise<DatasetVerification[]> {
  const found: Found[] = [];
  const results: DatasetVerification[] = [];
  for (const prepared of datasets) {
    const { path } = prepared;
    const problem = problemOf(() => {
      using dataset = file.dataset(path);
      return layoutProblem(prepared, dataset);
    });
    if (problem) {
      results.push({ path, equal: false, values: product(prepared.shape), problem });
      continue;
    }
    const dataset = file.dataset(path);
    const { layout } = storedLaidOut(dataset, prepared.shape);
    if (isSourced(prepared)) found.push({ prepared, dataset, layout });
    else if (isGathered(prepared))
      results.push(result(prepared, compareArray(prepared, dataset, layout)));
  }
  // A stored chunk is in memory on top of what an encoder holds.
  const layouts = found.map(({ layout }) => layout);
  const chunkBytes = Math.max(0, ...layouts.map((one) => product(one.chunk) * one.itemSize));
  const codecBytes = mostEncoderBytes(layouts) + chunkBytes;
  const candidates: Candidate[] = [];
  for (const one of found)
    candidates.push({ ...one, worker: await planComparison(one, codecBytes, options) });
  await compare(file, candidates, options, onProgress);
  for (const { prepared, found } of candidates) results.push(result(prepared, found?.difference));
  return results;
}

/** Why the values of a dataset need not, or can't, be compared. */
function layoutProblem({ dtype, shape }: PreparedDataset, dataset: Dataset): string | undefined {
  const differs = (expected: string, received: string) =>
    `expected ${expected} but received ${received}`;
  if (dataset.dtype !== dtype) return differs(dtype, dataset.dtype);
  if (String(dataset.shape) !== String(shape))
    return differs(`the shape [${shape}]`, `[${dataset.shape}]`);
  const problem = chunkProblem(dataset);
  if (problem) return differs(problem.expected, problem.received);
  if (dataset.bigEndian) return differs('little-endian values', 'big-endian ones');
  return undefined;
}

async function planComparison(
  { prepared: { path, dtype, shape, source }, layout }: Found,
  codecBytes: number,
  { workers, memory }: FilledOptions,
): Promise<WorkerDataset> {
  const reader = await openSource(source);
  try {
    const { jobs } = planDataset({
      extent: shape,
      chunk: layout.chunk,
      itemSize: layout.itemSize,
      storageOrder: reader.info.storageOrder,
      scratchBytes: (slab) => reader.scratchBytes(slab),
      encodeBytes: codecBytes,
      workers,
      memory,
      name: path,
    });
    return { name: path, source, dtype, jobs, layout, bigEndian: false };
  } finally {
    await reader.close();
  }
}

async function compare(
  file: File,
  candidates: readonly Candidate[],
  { workers, signal }: FilledOptions,
  onProgress: VerifyOptions['onProgress'],
): Promise<void> {
  const counts = candidates.map(({ worker }) => cellCount(worker.jobs));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return;
  const bytesPlanned = candidates.reduce((sum, { prepared }) => sum + prepared.rawBytes, 0);
  const plan = {
    filename: file.filename,
    token: 0n,
    datasets: candidates.map(({ worker }) => worker),
  };
  let bytesRead = 0;
  const onDone = ({ dataset, job }: VerifyTask, { difference }: VerifyDone) => {
    const candidate = candidates[dataset];
    const { jobs, layout } = candidate.worker;
    if (difference && !(candidate.found && candidate.found.job < job))
      candidate.found = { job, difference };
    bytesRead += slabSize(cellAt(jobs, job)) * layout.itemSize;
  };
  await withPool(plan, Math.min(workers, total), signal, (pool) =>
    runJobs<VerifyTask, VerifyDone>(pool, {
      name: 'verify',
      plan,
      tasks: tasks(candidates, counts),
      onDone,
      onProgress: () => onProgress?.({ bytesRead, bytesPlanned }),
    }),
  );
}

/** Jobs with the places of their chunks; none of a dataset that is known to differ before them. */
function* tasks(
  candidates: readonly Candidate[],
  counts: readonly number[],
): Generator<VerifyTask, void, undefined> {
  for (const { dataset, job } of interleave(counts)) {
    const candidate = candidates[dataset];
    if (candidate.found && candidate.found.job < job) continue;
    const { start, count } = cellAt(candidate.worker.jobs, job);
    yield { dataset, job, placements: candidate.dataset.locate(start, count) };
  }
}

function result(
  { path, shape }: PreparedDataset,
  difference: Difference | undefined,
): DatasetVerification {
  const values = product(shape);
  if (!difference) return { path, equal: true, values };
  const { index, source, file } = difference;
  const problem = `first difference at [${index.join(', ')}]: ${source} in the source, ${file} in the file`;
  return { path, equal: false, values, problem, difference };
}
