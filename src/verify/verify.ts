import { resolve } from 'node:path';
import { runJobs, withPool } from '../coordinator/index.js';
import type { Description } from '../description/index.js';
import { type ChunkLayout, type Dataset, File } from '../hdf5/index.js';
import {
  cellAt,
  cellCount,
  interleave,
  LayoutError,
  planDataset,
  product,
  shapeText,
  slabSize,
} from '../layout/index.js';
import { optionNames, requireKnown } from '../option-error.js';
import { type ResolvedOptions, resolveOptions } from '../options.js';
import {
  chunkProblem,
  type DatasetSpec,
  fewerWorkers,
  isSourced,
  isStreamed,
  maxEncoderBytes,
  type PlannedDataset,
  type Prepared,
  prepare,
  type SourceData,
  specifyStored,
} from '../plan/index.js';
import { openSource } from '../sources/index.js';
import { isDataChunkIterator } from '../streams/index.js';
import type { Answer, Difference, VerifyTask, WorkerDataset } from '../workers/index.js';
import { compareArray } from './compare-array.js';
import { compareAttributes, compareSmall, problemOf } from './compare-small.js';
import type { DatasetVerification, VerifyOptions, VerifyReport } from './report.js';
import {
  type VerifyChunksOptions,
  type VerifyChunksReport,
  verifyChunks,
} from './verify-chunks.js';

const VERIFY_OPTIONS = optionNames<VerifyOptions>({
  workers: 1,
  memory: 1,
  signal: 1,
  baseDir: 1,
  modules: 1,
  onProgress: 1,
});

/**
 * Verifies a file. With a description, compares every value with the sources of the description, and the attributes
 * of its series with the description. Without one, decodes the stored chunks and compares them with the checksums that
 * the file holds: this finds damage without the sources, and tells it from changes that another program made. Both run
 * in parallel.
 *
 *     const { equal, datasets } = await verify('session.nwb', description);
 *     const { state } = await verify('session.nwb');
 *
 * @param path of the file; relative paths in the description count from `options.baseDir`
 * @throws OptionError if an option is unknown or invalid; BudgetError if the memory does not hold one chunk for each
 * worker; Hdf5Error if the file can't be opened; the reason of `signal`
 * @throws with a description, the errors of `convert` for an invalid description or source
 * @throws ChecksumError without a description, if the file holds no checksums
 */
export function verify(
  path: string,
  description: Description,
  options?: VerifyOptions,
): Promise<VerifyReport>;
export function verify(
  path: string,
  description?: undefined,
  options?: VerifyChunksOptions,
): Promise<VerifyChunksReport>;
export function verify(
  path: string,
  description?: Description,
  options: VerifyOptions = {},
): Promise<VerifyReport | VerifyChunksReport> {
  return description === undefined
    ? verifyChunks(path, options)
    : verifyValues(path, description, options);
}

async function verifyValues(
  path: string,
  description: Description,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const begin = performance.now();
  requireKnown(options, VERIFY_OPTIONS);
  const { onProgress, ...rest } = options;
  const resolved = resolveOptions(rest);
  const prepared = await prepare(description, resolved);
  for (const dataset of prepared.datasets) refuseIterator(dataset);
  using file = new File(resolve(path), 'r');
  const datasets = [
    ...compareSmall(file, prepared),
    ...compareAttributes(file, prepared),
    ...(await compareBulk(file, prepared, resolved, onProgress)),
  ];
  return {
    path: file.filename,
    equal: datasets.every(({ equal }) => equal),
    values: datasets.reduce((sum, { values }) => sum + values, 0),
    rawBytes: prepared.datasets.reduce((sum, { spec }) => sum + spec.rawBytes, 0),
    seconds: (performance.now() - begin) / 1000,
    datasets,
  };
}

/** @throws LayoutError if the data come from an iterator, because it can't be read a second time */
function refuseIterator(dataset: PlannedDataset): void {
  if (!isStreamed(dataset) || !isDataChunkIterator(dataset.data.blocks)) return;
  const expected = 'data that can be read again';
  throw new LayoutError({ name: dataset.spec.path, expected, received: 'an iterator' });
}

/** A dataset of the file whose values can be compared with its source. */
interface Found {
  readonly planned: PlannedDataset<SourceData>;
  readonly dataset: Dataset;
  /** The layout in the file, which may have other chunks than the plan. */
  readonly layout: ChunkLayout;
}

interface Candidate extends Found {
  readonly worker: WorkerDataset;
  /** The first job that differs. */
  found?: { readonly job: number; readonly difference: Difference };
}

async function compareBulk(
  file: File,
  { datasets }: Prepared,
  options: ResolvedOptions,
  onProgress: VerifyOptions['onProgress'],
): Promise<DatasetVerification[]> {
  const found: Found[] = [];
  const results: DatasetVerification[] = [];
  for (const planned of datasets) {
    const { path, shape } = planned.spec;
    const problem = problemOf(() => {
      using dataset = file.dataset(path);
      return layoutProblem(planned.spec, dataset);
    });
    if (problem) {
      results.push({ path, equal: false, values: product(shape), problem });
      continue;
    }
    const dataset = file.dataset(path);
    const { layout } = specifyStored(dataset, shape);
    if (isSourced(planned)) found.push({ planned, dataset, layout });
    else if (isStreamed(planned))
      results.push(result(planned.spec, compareArray(planned, dataset, layout)));
  }
  // A worker holds a stored chunk on top of the memory of an encoder.
  const layouts = found.map(({ layout }) => layout);
  const chunkBytes = Math.max(0, ...layouts.map((one) => product(one.chunk) * one.itemSize));
  const codecBytes = maxEncoderBytes(layouts) + chunkBytes;
  const { candidates, workers } = await planComparisons(found, codecBytes, options);
  await compare(file, candidates, { ...options, workers }, onProgress);
  for (const { planned, found } of candidates)
    results.push(result(planned.spec, found?.difference));
  return results;
}

/** Why the values of a dataset can't be equal, or can't be compared, in words; undefined if they can. */
function layoutProblem({ dtype, shape }: DatasetSpec, dataset: Dataset): string | undefined {
  const differs = (expected: string, received: string) =>
    `expected ${expected} but received ${received}`;
  if (dataset.dtype !== dtype) return differs(dtype, dataset.dtype);
  if (String(dataset.shape) !== String(shape))
    return differs(`the shape ${shapeText(shape)}`, shapeText(dataset.shape));
  const problem = chunkProblem(dataset);
  if (problem) return differs(problem.expected, problem.received);
  if (dataset.bigEndian) return differs('little-endian values', 'big-endian ones');
  return undefined;
}

/** Plans all comparisons. By default, as many workers as fit into the memory are used. */
async function planComparisons(
  found: readonly Found[],
  codecBytes: number,
  options: ResolvedOptions,
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
  { planned: { spec, data }, layout }: Found,
  codecBytes: number,
  { workers, memory }: ResolvedOptions,
): Promise<WorkerDataset> {
  const { path, dtype, shape } = spec;
  const { source } = data;
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
  { workers, signal }: ResolvedOptions,
  onProgress: VerifyOptions['onProgress'],
): Promise<void> {
  const counts = candidates.map(({ worker }) => cellCount(worker.jobs));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return;
  const bytesPlanned = candidates.reduce((sum, { planned }) => sum + planned.spec.rawBytes, 0);
  const plan = {
    filename: file.filename,
    datasets: candidates.map(({ worker }) => worker),
  };
  let bytesRead = 0;
  const onDone = ({ dataset, job }: VerifyTask, { difference }: Answer<'verify'>) => {
    const candidate = candidates[dataset];
    const { jobs, layout } = candidate.worker;
    if (difference && !(candidate.found && candidate.found.job < job))
      candidate.found = { job, difference };
    bytesRead += slabSize(cellAt(jobs, job)) * layout.itemSize;
  };
  await withPool(plan, Math.min(workers, total), signal, (pool) =>
    runJobs(pool, {
      name: 'verify',
      plan,
      jobs: jobsOf(candidates, counts),
      onDone,
      onProgress: () => onProgress?.({ bytesRead, bytesPlanned }),
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

function result(
  { path, shape }: DatasetSpec,
  difference: Difference | undefined,
): DatasetVerification {
  const values = product(shape);
  if (!difference) return { path, equal: true, values };
  const { index, source, file } = difference;
  const problem = `first difference at [${index.join(', ')}]: ${source} in the source, ${file} in the file`;
  return { path, equal: false, values, problem, difference };
}
