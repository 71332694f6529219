import { SourceBlocks } from '../coordinator/source-blocks.js';
import { type ChunkLayout, encoderBytes } from '../hdf5/index.js';
import {
  cellCount,
  type Grid,
  gatheringBudget,
  planDataset,
  product,
  slabSize,
} from '../layout/index.js';
import type { FilledOptions } from '../options.js';
import type {
  AbstractDataChunkIterator,
  NdArray,
  SourceInfo,
  SourceSpec,
} from '../sources/index.js';
import type { LaidOut } from './new-dataset.js';
import type { Probed, ProbedBlocks, ProbedSource } from './probe.js';

/** A dataset and the data for it. */
export interface Part {
  readonly laidOut: LaidOut;
  /** `written`: there is nothing more to come. */
  readonly probed: Probed | { readonly kind: 'written' };
}

/** A bulk dataset that workers read from a source, cut into jobs. */
export interface SourceDataset extends LaidOut {
  /** With the files that its patterns matched, so that workers read the same ones. */
  readonly source: SourceSpec;
  readonly info: SourceInfo;
  readonly jobs: Grid;
  readonly jobCount: number;
  /** What a worker holds at most while it does a job. */
  readonly jobBytes: number;
}

/** A bulk dataset whose data come from this program, piece by piece. */
export interface GatheredDataset extends LaidOut {
  readonly blocks: NdArray | AbstractDataChunkIterator;
}

/** A bulk dataset whose data are in the file already. */
export interface WrittenDataset extends LaidOut {
  readonly isWritten: true;
}

export type PreparedDataset = SourceDataset | GatheredDataset | WrittenDataset;

export function isGathered(dataset: PreparedDataset): dataset is GatheredDataset {
  return 'blocks' in dataset;
}

/** Whether its data come from a source that this thread reads. */
export function isReadHere(dataset: PreparedDataset): boolean {
  return isGathered(dataset) && dataset.blocks instanceof SourceBlocks;
}

export function isSourced(dataset: PreparedDataset): dataset is SourceDataset {
  return 'jobs' in dataset;
}

export function isWritten(dataset: PreparedDataset): dataset is WrittenDataset {
  return 'isWritten' in dataset;
}

/** Who does what, in how much memory. */
export interface PlannedWork {
  readonly datasets: readonly PreparedDataset[];
  /** No more workers than jobs. */
  readonly workers: number;
  /** Bytes that the workers, and the chunks that are gathered for them, take together at most. */
  readonly memory: number;
  /** Of these the bytes for what is gathered. */
  readonly gathering: number;
  /** Bytes that the chunk writers of a worker hold together at most. */
  readonly writerBytes: number;
}

export type WorkOptions = Pick<FilledOptions, 'workers' | 'memory'>;

/**
 * Shares the memory out, and cuts into jobs what comes from sources.
 *
 * @throws BudgetError where the memory does not do; LayoutError
 */
export function planWork(parts: readonly Part[], { workers, memory }: WorkOptions): PlannedWork {
  const isChunked = parts.map(({ laidOut }) => !laidOut.isUnchunked);
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
  const datasets = isChunked.map((one) => (one ? shared : own).next().value as PreparedDataset);
  return { ...chunked, datasets, memory: chunked.memory + direct.bytes };
}

/** What is read of sources, block by block, for datasets that are not chunked: of one after the other. */
function planDirect(
  parts: readonly Part[],
  share: { readonly memory: number; readonly parts: number },
): { readonly datasets: readonly GatheredDataset[]; readonly bytes: number } {
  let bytes = 0;
  const datasets = parts.map(({ laidOut, probed }): GatheredDataset => {
    if (probed.kind !== 'source') return { ...laidOut, blocks: (probed as ProbedBlocks).blocks };
    const { path: name, layout } = laidOut;
    const { extent, chunk, itemSize } = layout;
    const { jobs, jobBytes } = planDataset({
      ...{ extent, chunk, itemSize, name, ...share },
      storageOrder: probed.info.storageOrder,
      scratchBytes: (slab) => probed.scratchBytes(slab) + slabSize(slab) * itemSize,
      encodeBytes: 0,
      workers: 1,
    });
    bytes = Math.max(bytes, jobBytes);
    return { ...laidOut, blocks: new SourceBlocks(name, probed, jobs) };
  });
  return { datasets, bytes };
}

function planChunked(parts: readonly Part[], options: WorkOptions): PlannedWork {
  const unwritten = parts.filter(({ probed }) => probed.kind !== 'written');
  const layouts = unwritten.map(({ laidOut, probed }) =>
    probed.kind === 'blocks' ? encodedLayout(laidOut) : laidOut.layout,
  );
  const encoders = encodersBytes(layouts);
  const encodeBytes = Math.max(0, ...encoders);
  const gathered = unwritten.filter(({ probed }) => probed.kind === 'blocks');
  const hasJobs = gathered.length < unwritten.length;
  const gathering =
    gathered.length > 0 ? gatheringShare(gathered, encodeBytes, hasJobs, options) : 0;
  const datasets = parts.map(({ laidOut, probed }): PreparedDataset => {
    if (probed.kind === 'written') return { ...laidOut, isWritten: true };
    if (probed.kind === 'blocks') return { ...laidOut, blocks: probed.blocks };
    // The other half.
    const share =
      gathering > 0 ? { ...options, memory: gathering, parts: 2 } : { ...options, parts: 1 };
    return planJobs(laidOut, probed, encodeBytes, share);
  });
  const sourced = datasets.filter(isSourced);
  const jobs = sourced.reduce((sum, { jobCount }) => sum + jobCount, 0);
  const workers =
    gathered.length > 0 ? options.workers : Math.max(1, Math.min(options.workers, jobs));
  const jobBytes = Math.max(0, ...sourced.map((dataset) => dataset.jobBytes));
  // What is gathered has taken what was left.
  const spare = gathering > 0 ? 0 : Math.floor(options.memory / workers) - jobBytes;
  const all = encoders.reduce((sum, bytes) => sum + bytes, 0);
  const writerBytes = Math.min(all, encodeBytes + Math.max(0, spare));
  const memory = gathering + workers * (jobBytes > 0 ? jobBytes + writerBytes - encodeBytes : 0);
  return { datasets, workers, memory, gathering, writerBytes };
}

/** Of gathered data whole chunks are encoded, however small the extent is before they come. */
export function encodedLayout({ layout }: LaidOut): ChunkLayout {
  return { ...layout, extent: layout.chunk };
}

function planJobs(
  laidOut: LaidOut,
  { source, info, scratchBytes }: ProbedSource,
  encodeBytes: number,
  share: WorkOptions & { readonly parts: number },
): SourceDataset {
  const { path, layout } = laidOut;
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
  return { ...laidOut, source, info, jobs, jobCount: cellCount(jobs), jobBytes };
}

/**
 * What gathered chunks, and the workers that encode them, may take. They share the memory with the
 * jobs of sources, if there are any.
 *
 * @throws BudgetError where one of the datasets can't be gathered
 */
function gatheringShare(
  parts: readonly Part[],
  encodeBytes: number,
  hasJobs: boolean,
  { workers, memory }: WorkOptions,
): number {
  const share = hasJobs ? Math.floor(memory / 2) : memory;
  for (const { laidOut } of parts) {
    const { path: name, layout } = laidOut;
    const { itemSize } = layout;
    const chunkItems = product(layout.chunk);
    const request = { name, memory: share, parts: hasJobs ? 2 : 1, workers, encodeBytes };
    gatheringBudget({ ...request, chunkItems, itemSize });
  }
  return share;
}

/**
 * What a worker must have room for beside its scratch memory, whatever the dataset: it keeps the
 * scratch memory of one dataset while it encodes another, so both count at their greatest.
 */
export function mostEncoderBytes(layouts: readonly ChunkLayout[]): number {
  return Math.max(0, ...encodersBytes(layouts));
}

/** Of the datasets that have chunks. */
function encodersBytes(layouts: readonly ChunkLayout[]): number[] {
  return layouts.filter(({ extent }) => product(extent) > 0).map(encoderBytes);
}
