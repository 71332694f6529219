import type { Description } from '../description/index.js';
import { ChunkCodec } from '../hdf5/index.js';
import { cellAt, type FormatBound, product, slabSize } from '../layout/index.js';
import { type ConvertOptions, resolveOptions } from '../options.js';
import { openSource } from '../sources/index.js';
import type { DatasetSpec } from './dataset-spec.js';
import { isSourced, type PlannedDataset, type SourceData } from './datasets.js';
import { outputWarnings } from './output-warnings.js';
import { prepare } from './prepare.js';
import { type DatasetSummary, summarize } from './summary.js';

/** A bulk dataset as it would be written. */
export interface DatasetPlan extends DatasetSummary {
  readonly chunkBytes: number;
  /** Shape of a job, in elements, and how many there are. */
  readonly jobShape: readonly number[];
  readonly jobCount: number;
  /** From a sample of chunks; see {@link plan}. Of data from this program: the values that are known of. */
  readonly estimatedBytes: number;
}

/** What a conversion would do. */
export interface ConversionPlan {
  /** The file. */
  readonly path: string;
  readonly libver: FormatBound;
  readonly workers: number;
  /** Bytes that the workers may hold, and would hold at most. */
  readonly memory: { readonly allowed: number; readonly planned: number };
  readonly rawBytes: number;
  readonly estimatedBytes: number;
  readonly datasets: readonly DatasetPlan[];
  readonly warnings: readonly string[];
}

/** Few enough to answer in a moment, spread so that a drifting recording is met at several times. */
const SAMPLES = 5;

/**
 * What `convert` would write, without writing: shapes, chunks, jobs, memory, and the stored size as
 * estimated from a sample of five chunks a dataset, spread evenly.
 *
 * What an option of `convert` would allow, such as to replace a file, is a warning.
 *
 * @throws what `convert` throws for input that does not fit, or an output that can't be made
 */
export async function plan(
  description: Description,
  options: ConvertOptions = {},
): Promise<ConversionPlan> {
  const filled = resolveOptions(options);
  const prepared = await prepare(description, filled);
  // Before chunks are sampled: what is refused is so at once.
  outputWarnings(prepared, filled, 0);
  const datasets: DatasetPlan[] = [];
  for (const dataset of prepared.datasets) datasets.push(await planDataset(dataset));
  const sum = (key: 'rawBytes' | 'estimatedBytes') =>
    datasets.reduce((total, one) => total + one[key], 0);
  const estimatedBytes = sum('estimatedBytes');
  return {
    path: prepared.description.path,
    libver: filled.libver,
    workers: prepared.workers,
    memory: { allowed: filled.memory, planned: prepared.memory },
    rawBytes: sum('rawBytes'),
    estimatedBytes,
    datasets,
    warnings: [...prepared.warnings, ...outputWarnings(prepared, filled, estimatedBytes)],
  };
}

async function planDataset(dataset: PlannedDataset): Promise<DatasetPlan> {
  const { layout, chunkCount, rawBytes } = dataset.spec;
  const source = isSourced(dataset) ? dataset.data : undefined;
  return {
    ...summarize(dataset.spec),
    chunkBytes: product(layout.chunk) * layout.itemSize,
    // Gathered data go to the workers chunk by chunk.
    jobShape: source?.jobs.cell ?? layout.chunk,
    jobCount: source?.jobCount ?? chunkCount,
    estimatedBytes: source ? await estimate(dataset.spec, source) : rawBytes,
  };
}

async function estimate(
  { layout, chunkCount, rawBytes }: DatasetSpec,
  data: SourceData,
): Promise<number> {
  if (chunkCount === 0) return 0;
  const grid = { extent: layout.extent, cell: layout.chunk };
  using codec = new ChunkCodec(layout);
  const source = await openSource(data.source);
  try {
    let raw = 0;
    let stored = 0;
    const compressed = layout.filters.some(({ kind }) => kind === 'deflate');
    const samples = compressed ? Math.min(SAMPLES, chunkCount) : 1;
    for (let sample = 0; sample < samples; sample++) {
      const chunk = cellAt(grid, Math.floor(((sample + 0.5) * chunkCount) / samples));
      const pieces = await source.read(chunk, new Uint8Array(source.scratchBytes(chunk)));
      stored += codec.encode(pieces, chunk.start).bytes.length;
      raw += slabSize(chunk) * layout.itemSize;
    }
    // Chunks at the edge are stored whole, but what fills them up compresses to next to nothing.
    return compressed ? Math.round((rawBytes * stored) / raw) : chunkCount * stored;
  } finally {
    await source.close();
  }
}
