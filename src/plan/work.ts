import { type ChunkLayout, encoderBytes } from '../hdf5/index.js';
import {
  BudgetError,
  cellCount,
  gatheringBudget,
  planDataset,
  product,
  slabSize,
} from '../layout/index.js';
import type { ResolvedOptions } from '../options.js';
import type { DatasetSpec } from './dataset-spec.js';
import {
  type DirectData,
  isSourced,
  type PlannedDataset,
  type ProbedDataset,
  type SourceData,
  type StreamData,
} from './datasets.js';
import type { ProbedSource } from './probe.js';

/** Datasets, number of workers and division of memory of a conversion. */
export interface WorkPlan {
  readonly datasets: readonly PlannedDataset[];
  /** At most as many workers as there are jobs. */
  readonly workers: number;
  /** How many workers fit into the memory, if fewer than the default number do. */
  readonly fitting?: number;
  /** Bytes that the workers and the chunks gathered for them take together at most. */
  readonly memory: number;
  /** The part of `memory` that gathered chunks may take, in bytes. */
  readonly gathering: number;
  /** Bytes that all chunk writers of one worker hold together at most. */
  readonly writerBytes: number;
}

export type WorkOptions = Pick<ResolvedOptions, 'workers' | 'mayUseFewer' | 'memory'>;
type Share = Pick<WorkOptions, 'workers' | 'memory'>;

/**
 * Divides the memory among datasets and workers, and cuts the sources into jobs. If the number of workers is the
 * default, as many as fit into the memory are used.
 *
 * @throws BudgetError if the memory is too small; LayoutError if a dataset can't be cut into jobs
 */
export function planWork(parts: readonly ProbedDataset[], options: WorkOptions): WorkPlan {
  for (let { workers } = options; ; )
    try {
      const work = divide(parts, { workers, memory: options.memory });
      return { ...work, ...(workers < options.workers && { fitting: workers }) };
    } catch (error) {
      workers = fewerWorkers(error, workers, options);
    }
}

/**
 * The number of workers to plan with after a plan for `workers` failed.
 *
 * @throws the error, unless it says that fewer workers may fit, and the options allow that
 */
export function fewerWorkers(
  error: unknown,
  workers: number,
  { mayUseFewer }: Pick<WorkOptions, 'mayUseFewer'>,
): number {
  if (!(error instanceof BudgetError) || !mayUseFewer || workers === 1) throw error;
  // If not even one fits, the error for one worker says how much memory is needed at least.
  return Math.max(1, Math.min(error.fields.workersThatFit, workers - 1));
}

function divide(parts: readonly ProbedDataset[], { workers, memory }: Share): WorkPlan {
  const isChunked = parts.map(({ spec }) => !spec.isUnchunked);
  const direct = planDirect(
    parts.filter((_, at) => !isChunked[at]),
    isChunked.includes(true) ? { memory: Math.floor(memory / 2), parts: 2 } : { memory, parts: 1 },
  );
  const rest = { workers, memory: memory - direct.bytes };
  const chunked = planChunked(
    parts.filter((_, at) => isChunked[at]),
    rest,
  );
  const [shared, own] = [chunked.datasets.values(), direct.datasets.values()];
  const datasets = isChunked.map((one) => (one ? shared : own).next().value as PlannedDataset);
  return { ...chunked, datasets, memory: chunked.memory + direct.bytes };
}

/** Plans datasets that are not chunked. Their sources are read one after the other, block by block. */
function planDirect(
  parts: readonly ProbedDataset[],
  share: { readonly memory: number; readonly parts: number },
): { readonly datasets: readonly PlannedDataset[]; readonly bytes: number } {
  let bytes = 0;
  const datasets = parts.map(({ spec, probed }): PlannedDataset => {
    if (probed.kind === 'written') return { spec, data: probed };
    if (probed.kind === 'stream') return streamed(spec, probed);
    const { path: name, layout } = spec;
    const { extent, chunk, itemSize } = layout;
    const { jobs, jobBytes } = planDataset({
      ...{ extent, chunk, itemSize, name, ...share },
      storageOrder: probed.info.storageOrder,
      scratchBytes: (slab) => probed.scratchBytes(slab) + slabSize(slab) * itemSize,
      encodeBytes: 0,
      workers: 1,
    });
    bytes = Math.max(bytes, jobBytes);
    const data: DirectData = { kind: 'direct', probed, blocks: jobs };
    return { spec, data };
  });
  return { datasets, bytes };
}

function streamed(
  spec: DatasetSpec,
  { blocks }: Pick<StreamData, 'blocks'>,
): PlannedDataset<StreamData> {
  return { spec, data: { kind: 'stream', blocks } };
}

function planChunked(parts: readonly ProbedDataset[], options: Share): WorkPlan {
  const unwritten = parts.filter(({ probed }) => probed.kind !== 'written');
  const layouts = unwritten.map(({ spec, probed }) =>
    probed.kind === 'stream' ? gatheredLayout(spec) : spec.layout,
  );
  const encoders = encodersBytes(layouts);
  const encodeBytes = Math.max(0, ...encoders);
  const gathered = unwritten.filter(({ probed }) => probed.kind === 'stream');
  const hasJobs = gathered.length < unwritten.length;
  const gathering =
    gathered.length > 0 ? gatheringShare(gathered, encodeBytes, hasJobs, options) : 0;
  const datasets = parts.map(({ spec, probed }): PlannedDataset => {
    if (probed.kind === 'written') return { spec, data: probed };
    if (probed.kind === 'stream') return streamed(spec, probed);
    // The jobs of sources get half of the memory, and gathered data the other half.
    const share =
      gathering > 0 ? { ...options, memory: gathering, parts: 2 } : { ...options, parts: 1 };
    return { spec, data: planJobs(spec, probed, encodeBytes, share) };
  });
  const sourced = datasets.filter(isSourced);
  const jobs = sourced.reduce((sum, { data }) => sum + data.jobCount, 0);
  const workers =
    gathered.length > 0 ? options.workers : Math.max(1, Math.min(options.workers, jobs));
  const jobBytes = Math.max(0, ...sourced.map(({ data }) => data.jobBytes));
  // Gathering already uses all the memory that is left.
  const spare = gathering > 0 ? 0 : Math.floor(options.memory / workers) - jobBytes;
  const all = encoders.reduce((sum, bytes) => sum + bytes, 0);
  const writerBytes = Math.min(all, encodeBytes + Math.max(0, spare));
  const memory = gathering + workers * (jobBytes > 0 ? jobBytes + writerBytes - encodeBytes : 0);
  return { datasets, workers, memory, gathering, writerBytes };
}

/** Gathered data are encoded as whole chunks, so the extent of the layout is one chunk. */
export function gatheredLayout({ layout }: DatasetSpec): ChunkLayout {
  return { ...layout, extent: layout.chunk };
}

function planJobs(
  spec: DatasetSpec,
  { source, info, scratchBytes }: ProbedSource,
  encodeBytes: number,
  share: Share & { readonly parts: number },
): SourceData {
  const { path, layout } = spec;
  const { jobs, jobBytes } = planDataset({
    extent: layout.extent,
    chunk: layout.chunk,
    itemSize: layout.itemSize,
    storageOrder: info.storageOrder,
    scratchBytes,
    encodeBytes,
    ...share,
    name: path,
  });
  return { kind: 'source', source, info, jobs, jobCount: cellCount(jobs), jobBytes };
}

/**
 * Bytes that gathered chunks and the workers that encode them may take: half of the memory if there are
 * also jobs of sources, else all of it.
 *
 * @throws BudgetError if this does not hold the chunks of one of the datasets
 */
function gatheringShare(
  parts: readonly ProbedDataset[],
  encodeBytes: number,
  hasJobs: boolean,
  { workers, memory }: Share,
): number {
  const share = hasJobs ? Math.floor(memory / 2) : memory;
  for (const { spec } of parts) {
    const { path: name, layout } = spec;
    const { itemSize } = layout;
    const chunkItems = product(layout.chunk);
    const request = { name, memory: share, parts: hasJobs ? 2 : 1, workers, encodeBytes };
    gatheringBudget({ ...request, chunkItems, itemSize });
  }
  return share;
}

/**
 * Bytes that a worker needs for encoding on top of its scratch memory. The largest of all datasets counts,
 * because a worker keeps the scratch memory of one dataset while it encodes another.
 */
export function maxEncoderBytes(layouts: readonly ChunkLayout[]): number {
  return Math.max(0, ...encodersBytes(layouts));
}

/** Bytes that encoding takes for each layout. Empty datasets are left out, because they have no chunks. */
function encodersBytes(layouts: readonly ChunkLayout[]): number[] {
  return layouts.filter(({ extent }) => product(extent) > 0).map(encoderBytes);
}
