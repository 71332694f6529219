import { resolve } from 'node:path';
import type { Description } from '../description/index.js';
import { type ChunkLayout, type Dataset, File } from '../hdf5/index.js';
import {
  cellAt,
  cellCount,
  interleave,
  itemSize,
  planDataset,
  product,
  slabSize,
} from '../layout/index.js';
import { openSource } from '../sources/index.js';
import type { Difference, VerifyDone, VerifyTask, WorkerDataset } from '../workers/index.js';
import { fillValue, itemBytes } from './fillvalue.js';
import { type ConvertOptions, type FilledOptions, fillOptions } from './options.js';
import { runJobs } from './pool.js';
import { mostEncoderBytes, type Prepared, type PreparedDataset, prepare } from './prepare.js';
import { compareAttributes, compareSmall, problemOf } from './verify-small.js';

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
  extends Pick<ConvertOptions, 'workers' | 'memory' | 'signal' | 'baseDir'> {
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

/** A dataset of the file whose values can be compared. */
interface Found {
  readonly prepared: PreparedDataset;
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
      results.push({ path, equal: false, values: product(prepared.node.shape), problem });
      continue;
    }
    const dataset = file.dataset(path);
    found.push({ prepared, dataset, layout: storedLayout(prepared, dataset) });
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
function layoutProblem({ node }: PreparedDataset, dataset: Dataset): string | undefined {
  const expected = (what: string, received: string) => `expected ${what} but received ${received}`;
  if (dataset.dtype !== node.dtype) return expected(node.dtype, dataset.dtype);
  if (String(dataset.shape) !== String(node.shape))
    return expected(`the shape [${node.shape}]`, `[${dataset.shape}]`);
  if (dataset.layout !== 'chunked') return expected('chunks', `a ${dataset.layout} dataset`);
  if (dataset.bigEndian) return expected('little-endian values', 'big-endian ones');
  if (typeof dataset.filters === 'string')
    return expected('filters that can be decoded', `'${dataset.filters}'`);
  return undefined;
}

function storedLayout({ path, node }: PreparedDataset, dataset: Dataset): ChunkLayout {
  return {
    itemSize: itemSize(node.dtype),
    chunk: dataset.chunks as readonly number[],
    extent: node.shape,
    fillvalue: itemBytes({
      dtype: node.dtype,
      shape: [],
      data: dataset.fillvalue ?? fillValue(node.dtype, 0, path).data,
    }),
    filters: dataset.filters as ChunkLayout['filters'],
  };
}

async function planComparison(
  { prepared: { path, node, source }, layout }: Found,
  codecBytes: number,
  { workers, memory }: FilledOptions,
): Promise<WorkerDataset> {
  const reader = await openSource(source);
  try {
    const { jobs } = planDataset({
      extent: node.shape,
      chunk: layout.chunk,
      itemSize: layout.itemSize,
      storageOrder: reader.info.storageOrder,
      scratchBytes: (slab) => reader.scratchBytes(slab),
      encodeBytes: codecBytes,
      workers,
      memory,
      name: path,
    });
    return { name: path, source, dtype: node.dtype, jobs, layout };
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
  let bytesRead = 0;
  await runJobs<VerifyTask, VerifyDone>({
    name: 'verify',
    plan: { filename: file.filename, token: 0n, datasets: candidates.map(({ worker }) => worker) },
    workers: Math.min(workers, total),
    tasks: tasks(candidates, counts),
    signal,
    onDone: ({ dataset, job }, { difference }) => {
      const candidate = candidates[dataset];
      const { jobs, layout } = candidate.worker;
      if (difference && !(candidate.found && candidate.found.job < job))
        candidate.found = { job, difference };
      bytesRead += slabSize(cellAt(jobs, job)) * layout.itemSize;
    },
    onProgress: () => onProgress?.({ bytesRead, bytesPlanned }),
  });
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
  { path, node }: PreparedDataset,
  difference: Difference | undefined,
): DatasetVerification {
  const values = product(node.shape);
  if (!difference) return { path, equal: true, values };
  const { index, source, file } = difference;
  const problem = `first difference at [${index.join(', ')}]: ${source} in the source, ${file} in the file`;
  return { path, equal: false, values, problem, difference };
}
