import { randomUUID } from 'node:crypto';
import {
  type BulkData,
  bulkData,
  checkDescription,
  type Description,
  descriptionWarnings,
  type FilledDescription,
  loadElectrodes,
  resolvePaths,
} from '../description/index.js';
import { type ChunkLayout, encoderBytes, type Filter, type Value } from '../hdf5/index.js';
import {
  type ChunkIndex,
  cellCount,
  chooseChunkIndex,
  type FormatBound,
  type Grid,
  type Hyperslab,
  itemSize,
  type Maxshape,
  planDataset,
  product,
  resolveChunks,
  resolveMaxshape,
} from '../layout/index.js';
import { type BulkNode, buildTree, type GroupNode, type SourceInfos } from '../nwb/index.js';
import { expandSource, openSource, type SourceInfo, type SourceSpec } from '../sources/index.js';
import { version } from '../version.js';
import { fillValue, itemBytes } from './fillvalue.js';
import type { FilledOptions } from './options.js';
import { loadSpecifications } from './specifications.js';
import { bulkNodes } from './tree.js';

/** A bulk dataset with all that its creation and its jobs need. */
export interface PreparedDataset {
  /** Absolute path in the file. */
  readonly path: string;
  readonly node: BulkNode;
  /** With the files that its patterns matched, so that workers read the same ones. */
  readonly source: SourceSpec;
  readonly info: SourceInfo;
  readonly maxshape: Maxshape;
  readonly fillvalue: Value;
  readonly index: ChunkIndex;
  readonly layout: ChunkLayout;
  readonly jobs: Grid;
  readonly chunkCount: number;
  readonly jobCount: number;
  /** What a worker holds at most while it does a job. */
  readonly jobBytes: number;
  readonly rawBytes: number;
}

/** A file that is read, and what for. */
export interface Input {
  readonly path: string;
  readonly purpose: string;
}

/** A conversion that has been checked and planned; nothing is written yet. */
export interface Prepared {
  readonly description: FilledDescription;
  readonly tree: GroupNode;
  /** All files that are read. */
  readonly inputs: readonly Input[];
  readonly datasets: readonly PreparedDataset[];
  /** No more workers than jobs. */
  readonly workers: number;
  /** Bytes that the workers hold together at most. */
  readonly memory: number;
  /** What NWB's best practices would say; not errors. */
  readonly warnings: readonly string[];
}

/**
 * Checks a description, opens its sources to learn their shapes, and plans all jobs.
 *
 * @throws DescriptionError, SourceError, NwbError, LayoutError or BudgetError for what does not fit
 */
export async function prepare(input: Description, options: FilledOptions): Promise<Prepared> {
  const resolved = resolvePaths(checkDescription(input), options.baseDir);
  const description = await loadElectrodes(resolved);
  const { infos, readers } = await probe(description);
  try {
    const now = new Date();
    const specifications = await loadSpecifications(description.specifications);
    const tree = buildTree(description, infos, {
      now,
      objectId: randomUUID,
      version,
      ...(specifications && { specifications }),
    });
    const laidOut = [...bulkNodes(tree)].map(([path, node]) =>
      layOut(path, node, readers, options.libver),
    );
    const encodeBytes = mostEncoderBytes(laidOut.map(({ layout }) => layout));
    const datasets = laidOut.map((dataset) => planJobs(dataset, encodeBytes, readers, options));
    const jobs = datasets.reduce((sum, { jobCount }) => sum + jobCount, 0);
    const workers = Math.max(1, Math.min(options.workers, jobs));
    const memory = workers * Math.max(0, ...datasets.map(({ jobBytes }) => jobBytes));
    const warnings = descriptionWarnings(description, now, infos);
    const inputs = [...namedInputs(resolved), ...sourceInputs(datasets)];
    return { description, tree, inputs, datasets, workers, memory, warnings };
  } finally {
    for (const { close } of readers.values()) await close();
  }
}

function* namedInputs({ electrodes, specifications }: FilledDescription): Generator<Input> {
  if (specifications !== undefined) yield { path: specifications, purpose: 'the specifications' };
  if (electrodes !== undefined && 'csv' in electrodes)
    yield { path: electrodes.csv, purpose: 'the electrodes' };
}

function* sourceInputs(datasets: readonly PreparedDataset[]): Generator<Input> {
  for (const { path, info } of datasets)
    for (const file of info.files) yield { path: file.path, purpose: `the source of ${path}` };
}

interface Probed {
  readonly source: SourceSpec;
  readonly info: SourceInfo;
  readonly scratchBytes: (slab: Hyperslab) => number;
  readonly close: () => void | Promise<void>;
}

type Readers = Map<BulkData, Probed>;

async function probe(
  description: FilledDescription,
): Promise<{ infos: SourceInfos; readers: Readers }> {
  const readers: Readers = new Map();
  try {
    for (const { data } of bulkData(description)) {
      const source = expandSource(data.source);
      const reader = await openSource(source);
      readers.set(data, {
        source,
        info: reader.info,
        scratchBytes: (slab) => reader.scratchBytes(slab),
        close: () => reader.close(),
      });
    }
  } catch (error) {
    for (const { close } of readers.values()) await close();
    throw error;
  }
  return { infos: new Map([...readers].map(([data, { info }]) => [data, info])), readers };
}

/** A bulk dataset as it will be created, before it is cut into jobs. */
type LaidOut = Omit<PreparedDataset, 'jobs' | 'jobCount' | 'jobBytes'>;

function layOut(path: string, node: BulkNode, readers: Readers, libver: FormatBound): LaidOut {
  const { data, dtype, shape } = node;
  const reader = readers.get(data) as Probed;
  const size = itemSize(dtype);
  const maxshape = resolveMaxshape(shape, data.maxshape, path);
  const chunk = resolveChunks(data.chunks, {
    shape,
    itemSize: size,
    kind: node.role,
    maxshape,
    target: data.chunkTarget,
    name: path,
  });
  const filters = filtersOf(data);
  const index = chooseChunkIndex({
    libver,
    shape,
    chunk,
    maxshape,
    filtered: filters.length > 0,
    name: path,
  });
  const fillvalue = fillValue(dtype, data.fillvalue ?? 0, path);
  const layout: ChunkLayout = {
    itemSize: size,
    chunk,
    extent: shape,
    fillvalue: itemBytes(fillvalue),
    filters,
  };
  return {
    path,
    node,
    source: reader.source,
    info: reader.info,
    maxshape,
    fillvalue,
    index,
    layout,
    chunkCount: cellCount({ extent: shape, cell: chunk }),
    rawBytes: product(shape) * size,
  };
}

function planJobs(
  dataset: LaidOut,
  encodeBytes: number,
  readers: Readers,
  { workers, memory }: FilledOptions,
): PreparedDataset {
  const { path, node, info, layout } = dataset;
  const { scratchBytes } = readers.get(node.data) as Probed;
  const { jobs, jobBytes } = planDataset({
    extent: layout.extent,
    chunk: layout.chunk,
    itemSize: layout.itemSize,
    storageOrder: info.storageOrder,
    scratchBytes,
    encodeBytes,
    workers,
    memory,
    name: path,
  });
  return { ...dataset, jobs, jobCount: cellCount(jobs), jobBytes };
}

/**
 * What a worker must have room for beside its scratch memory, whatever the dataset: it keeps the
 * scratch memory of one dataset while it encodes another, so both count at their greatest.
 */
export function mostEncoderBytes(layouts: readonly ChunkLayout[]): number {
  const filled = layouts.filter(({ extent }) => product(extent) > 0);
  return Math.max(0, ...filled.map(encoderBytes));
}

/** In the order in which h5py applies them. */
function filtersOf(data: BulkData): Filter[] {
  const filters: Filter[] = [];
  if (data.shuffle) filters.push({ kind: 'shuffle' });
  if (data.compression === 'gzip') filters.push({ kind: 'deflate', level: data.compressionOpts });
  if (data.fletcher32) filters.push({ kind: 'fletcher32' });
  return filters;
}
