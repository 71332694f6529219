import type { Description } from '../description/index.js';
import { cellCount, type FormatBound, product } from '../layout/index.js';
import { type ConvertOptions, resolveOptions } from '../options.js';
import type { SeriesSummary } from '../series-summary.js';
import { isDirect, isSourced, type PlannedDataset } from './datasets.js';
import { estimateStored } from './estimate.js';
import { outputWarnings } from './output-warnings.js';
import { prepareExamined } from './prepare.js';
import { type DatasetSummary, summarize } from './summary.js';

/** How a bulk dataset would be written. */
export interface DatasetPlan extends DatasetSummary {
  /** Bytes of a chunk before compression. */
  readonly chunkBytes: number;
  /** Shape of a job, in elements. */
  readonly jobShape: readonly number[];
  readonly jobCount: number;
  /**
   * Stored bytes, estimated from a sample of chunks; see {@link plan}. For data from this program, the bytes of
   * the extent's values before compression.
   */
  readonly estimatedBytes: number;
}

/** What a conversion would do. */
export interface ConversionPlan {
  /** Path of the file. */
  readonly path: string;
  readonly libver: FormatBound;
  readonly workers: number;
  /** Bytes that the workers may hold, and the bytes that they would hold at most. */
  readonly memory: { readonly allowed: number; readonly planned: number };
  /** Bytes of all values, before compression. */
  readonly rawBytes: number;
  /** Estimate of all stored bytes. */
  readonly estimatedBytes: number;
  readonly datasets: readonly DatasetPlan[];
  /** What each series looks like, from a small sample of its data. */
  readonly series: readonly SeriesSummary[];
  readonly warnings: readonly string[];
}

/**
 * Plans a conversion without writing anything: shapes, chunks, jobs, memory, and the stored size, which is
 * estimated from five chunks of each dataset, spread evenly.
 *
 * An obstacle that an option of `convert` would remove, such as an existing file, is only a warning.
 *
 * @throws the errors of `convert` for invalid input, or an output that can't be created
 */
export async function plan(
  description: Description,
  options: ConvertOptions = {},
): Promise<ConversionPlan> {
  const resolved = resolveOptions(options);
  const prepared = await prepareExamined(description, resolved);
  // Called before chunks are sampled, so that an impossible output is refused at once.
  outputWarnings(prepared, resolved, 0);
  const datasets: DatasetPlan[] = [];
  for (const dataset of prepared.datasets) datasets.push(await describePlanned(dataset));
  const sum = (key: 'rawBytes' | 'estimatedBytes') =>
    datasets.reduce((total, one) => total + one[key], 0);
  const estimatedBytes = sum('estimatedBytes');
  return {
    path: prepared.description.path,
    libver: resolved.libver,
    workers: prepared.workers,
    memory: { allowed: resolved.memory, planned: prepared.memory },
    rawBytes: sum('rawBytes'),
    estimatedBytes,
    datasets,
    series: prepared.series,
    warnings: [
      ...prepared.warnings,
      ...prepared.timestampFaults,
      ...outputWarnings(prepared, resolved, estimatedBytes),
    ],
  };
}

/** The plan of one dataset, with an estimate of its stored bytes. @throws what its source throws */
export async function describePlanned(dataset: PlannedDataset): Promise<DatasetPlan> {
  const { layout } = dataset.spec;
  return {
    ...summarize(dataset.spec),
    chunkBytes: product(layout.chunk) * layout.itemSize,
    ...jobsOf(dataset),
    estimatedBytes: await estimateStored(dataset),
  };
}

function jobsOf(dataset: PlannedDataset): Pick<DatasetPlan, 'jobShape' | 'jobCount'> {
  if (isSourced(dataset))
    return { jobShape: dataset.data.jobs.cell, jobCount: dataset.data.jobCount };
  if (isDirect(dataset))
    return { jobShape: dataset.data.blocks.cell, jobCount: cellCount(dataset.data.blocks) };
  // Workers receive gathered data one chunk at a time.
  return { jobShape: dataset.spec.layout.chunk, jobCount: dataset.spec.chunkCount };
}
