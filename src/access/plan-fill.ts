import { isUnchunked } from '../coordinator/index.js';
import type { FillData } from '../description/index.js';
import type { Dataset } from '../hdf5/index.js';
import { requireKnown } from '../option-error.js';
import { resolveOptions } from '../options.js';
import {
  type ConversionPlan,
  type DatasetPlan,
  describePlanned,
  type PlannedDataset,
  type Probed,
  spaceWarnings,
  workerWarnings,
} from '../plan/index.js';
import { FILL_OPTIONS, type FillOptions } from './fill.js';
import { checkFilling, closeAll, planFilling, probeAll } from './fill-data.js';
import { findAll, withFile } from './fill-file.js';

/** How a dataset would be filled. If it is not chunked, the jobs of a source are blocks of rows; an array has none. */
export interface FilledDatasetPlan extends Omit<DatasetPlan, 'chunks'> {
  /** Shape of a chunk, in elements; null if the dataset is not chunked. */
  readonly chunks: readonly number[] | null;
  /** The extent that the dataset has now; `shape` is the one that it will have. */
  readonly currentShape: readonly number[];
  /** Stored bytes that the dataset has now. The new data replace them. */
  readonly storedBytes: number;
}

/** What `fill` would do. */
export interface FillPlan extends Omit<ConversionPlan, 'libver' | 'series' | 'datasets'> {
  readonly datasets: readonly FilledDatasetPlan[];
}

/**
 * Plans what {@link fill} would do with the same arguments, without writing anything: how far datasets would grow,
 * their jobs, the memory, and the stored size, which is estimated from five chunks of each dataset.
 *
 *     const { datasets, warnings } = await planFill('session.nwb', { '/acquisition/ap/data': { type: 'raw', … } });
 *
 * @param path of the file; relative paths, here and in sources, count from `options.baseDir`
 * @param datasets data, by the absolute path of the dataset that they would fill. The first element of an iterator
 * may be read
 * @throws what `fill` throws before it writes
 */
export async function planFill(
  path: string,
  datasets: Readonly<Record<string, FillData>>,
  options: FillOptions = {},
): Promise<FillPlan> {
  requireKnown(options, FILL_OPTIONS);
  const resolved = resolveOptions(options);
  resolved.signal?.throwIfAborted();
  const filling = checkFilling(path, datasets, resolved);
  const probed = new Map<string, Probed>();
  try {
    return await withFile(filling.filename, 'r', async (file) => {
      const found = findAll(file, Object.keys(filling.datasets));
      await probeAll(filling, resolved.baseDir, probed);
      const work = planFilling(filling, found, probed, resolved);
      const planned: FilledDatasetPlan[] = [];
      for (const [at, dataset] of found.entries())
        planned.push(await planOne(work.datasets[at], dataset));
      const grown = planned.reduce((sum, one) => sum + growthOf(one), 0);
      return {
        path: filling.filename,
        workers: work.workers,
        memory: { allowed: resolved.memory, planned: work.memory },
        rawBytes: planned.reduce((sum, one) => sum + one.rawBytes, 0),
        estimatedBytes: planned.reduce((sum, one) => sum + one.estimatedBytes, 0),
        datasets: planned,
        warnings: [...workerWarnings(work, resolved), ...spaceWarnings(filling.filename, grown)],
      };
    });
  } finally {
    await closeAll(probed);
  }
}

async function planOne(planned: PlannedDataset, dataset: Dataset): Promise<FilledDatasetPlan> {
  const described = await describePlanned(planned);
  const { shape: currentShape, storedBytes } = dataset;
  if (!isUnchunked(dataset)) return { ...described, currentShape, storedBytes };
  const unchunked = { chunks: null, chunkCount: 0, chunkBytes: 0 };
  return { ...described, ...unchunked, currentShape, storedBytes };
}

/** Bytes by which the file grows: new chunks take the places of the old ones. */
function growthOf({ estimatedBytes, storedBytes }: FilledDatasetPlan): number {
  return Math.max(0, estimatedBytes - storedBytes);
}
