import { isUnchunked, runJobs, withPool } from '../coordinator/index.js';
import type { ChunkLayout, Dataset, File } from '../hdf5/index.js';
import {
  cellAt,
  cellCount,
  interleave,
  planDataset,
  product,
  shapeText,
  slabSize,
} from '../layout/index.js';
import type { ResolvedOptions } from '../options.js';
import {
  chunkProblem,
  fewerWorkers,
  maxEncoderBytes,
  numericType,
  specifyStored,
} from '../plan/index.js';
import { openSource, type ReadableSpec } from '../sources/index.js';
import { isNdArray } from '../streams/index.js';
import type { Answer, Difference, VerifyTask, WorkerDataset } from '../workers/index.js';
import { compareArray } from './compare-array.js';
import { problemOf } from './compare-small.js';
import { compareUnchunked } from './compare-unchunked.js';
import { ComparedBytes, compared, type ExpectedDataset } from './expected-dataset.js';
import type { DatasetVerification, VerifyOptions } from './report.js';

/** A chunked dataset of the file whose values can be compared with its source. */
interface Found {
  readonly expected: ExpectedDataset;
  readonly source: ReadableSpec;
  readonly dataset: Dataset;
  /** The layout in the file, which may have other chunks than the plan. */
  readonly layout: ChunkLayout;
}

interface Candidate extends Found {
  readonly worker: WorkerDataset;
  /** The first job that differs. */
  found?: { readonly job: number; readonly difference: Difference };
}

export interface BulkOptions
  extends Pick<ResolvedOptions, 'workers' | 'mayUseFewer' | 'memory' | 'signal'> {
  /** Whether only what a conversion would write counts as equal: chunked, little-endian, of the same type. */
  readonly asConverted: boolean;
  readonly onProgress: VerifyOptions['onProgress'];
}

/**
 * Compares all values of bulk datasets.
 *
 * @returns one verification for each dataset, in their order
 * @throws BudgetError if the memory is too small; JobError if a source or a chunk can't be read; the reason of `signal`
 */
export async function compareBulk(
  file: File,
  datasets: readonly ExpectedDataset[],
  options: BulkOptions,
): Promise<DatasetVerification[]> {
  const results = new Map<ExpectedDataset, DatasetVerification>();
  const chunked: Found[] = [];
  const unchunked: (readonly [ExpectedDataset, Dataset])[] = [];
  for (const expected of datasets) {
    const { path, shape, data } = expected;
    const problem = problemOf(() => {
      using dataset = file.dataset(path);
      return layoutProblem(expected, dataset, options);
    });
    if (problem) {
      results.set(expected, { path, equal: false, values: product(shape), problem });
      continue;
    }
    const dataset = file.dataset(path);
    if (isUnchunked(dataset)) {
      unchunked.push([expected, dataset]);
      continue;
    }
    const { layout } = specifyStored(dataset, shape);
    if (!isNdArray(data)) chunked.push({ expected, source: data, dataset, layout });
    else results.set(expected, compared(expected, compareArray(data, dataset, layout)));
  }
  const read = [...chunked.map(({ expected }) => expected), ...unchunked.map(([one]) => one)];
  const progress = new ComparedBytes(read, options.onProgress);
  for (const { expected, found } of await compareChunked(file, chunked, options, progress))
    results.set(expected, compared(expected, found?.difference));
  for (const [expected, dataset] of unchunked) {
    const difference = await compareUnchunked(expected, dataset, options, progress);
    results.set(expected, compared(expected, difference));
  }
  return datasets.map((one) => results.get(one) as DatasetVerification);
}

/** Why the values of a dataset can't be equal, or can't be compared, in words; undefined if they can. */
function layoutProblem(
  { dtype, shape }: ExpectedDataset,
  dataset: Dataset,
  { asConverted }: Pick<BulkOptions, 'asConverted'>,
): string | undefined {
  const differs = (expected: string, received: string) =>
    `expected ${expected} but received ${received}`;
  const held = (asConverted ? undefined : numericType(dataset)) ?? dataset.dtype;
  if (held !== dtype) return differs(dtype, held);
  if (String(dataset.shape) !== String(shape))
    return differs(`the shape ${shapeText(shape)}`, shapeText(dataset.shape));
  if (!asConverted && dataset.outside)
    return differs('values in this dataset', `values ${dataset.outside}`);
  if (!asConverted && isUnchunked(dataset)) return undefined;
  const problem = chunkProblem(dataset);
  if (problem) return differs(problem.expected, problem.received);
  if (asConverted && dataset.bigEndian) return differs('little-endian values', 'big-endian ones');
  return undefined;
}

/** Compares chunked datasets on worker threads. */
async function compareChunked(
  file: File,
  found: readonly Found[],
  options: BulkOptions,
  progress: ComparedBytes,
): Promise<readonly Candidate[]> {
  // A worker holds a stored chunk on top of the memory of an encoder.
  const layouts = found.map(({ layout }) => layout);
  const chunkBytes = Math.max(0, ...layouts.map((one) => product(one.chunk) * one.itemSize));
  const codecBytes = maxEncoderBytes(layouts) + chunkBytes;
  const { candidates, workers } = await planComparisons(found, codecBytes, options);
  await compare(file, candidates, { ...options, workers }, progress);
  return candidates;
}

/** Plans all comparisons. By default, as many workers as fit into the memory are used. */
async function planComparisons(
  found: readonly Found[],
  codecBytes: number,
  options: BulkOptions,
): Promise<{ readonly candidates: readonly Candidate[]; readonly workers: number }> {
  for (let { workers } = options; ; )
    try {
      const candidates: Candidate[] = [];
      for (const one of found) {
        const worker = await planComparison(one, codecBytes, { ...options, workers });
        candidates.push({ ...one, worker });
      }
      return { candidates, workers };
    } catch (error) {
      workers = fewerWorkers(error, workers, options);
    }
}

async function planComparison(
  { expected: { path, dtype, shape }, source, dataset, layout }: Found,
  codecBytes: number,
  { workers, memory }: BulkOptions,
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
    return { name: path, source, dtype, jobs, layout, bigEndian: dataset.bigEndian };
  } finally {
    await reader.close();
  }
}

async function compare(
  file: File,
  candidates: readonly Candidate[],
  { workers, signal }: BulkOptions,
  progress: ComparedBytes,
): Promise<void> {
  const counts = candidates.map(({ worker }) => cellCount(worker.jobs));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return;
  const plan = {
    filename: file.filename,
    datasets: candidates.map(({ worker }) => worker),
  };
  const onDone = ({ dataset, job }: VerifyTask, { difference }: Answer<'verify'>) => {
    const candidate = candidates[dataset];
    const { jobs, layout } = candidate.worker;
    if (difference && !(candidate.found && candidate.found.job < job))
      candidate.found = { job, difference };
    progress.add(slabSize(cellAt(jobs, job)) * layout.itemSize);
  };
  await withPool(plan, Math.min(workers, total), signal, (pool) =>
    runJobs(pool, {
      name: 'verify',
      plan,
      jobs: jobsOf(candidates, counts),
      onDone,
      onProgress: () => progress.report(),
    }),
  );
}

/** Yields the jobs of all datasets in turn. Jobs after the first known difference of a dataset are skipped. */
function* jobsOf(
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
