import {
  type DatasetReport,
  isUnchunked,
  makeReport,
  rejectWriters,
  run,
  type WorkReport,
} from '../coordinator/index.js';
import type { FillData } from '../description/index.js';
import { optionNames, requireKnown } from '../option-error.js';
import { type ConvertOptions, resolveOptions } from '../options.js';
import { type Probed, workerWarnings } from '../plan/index.js';
import { ChecksumRecord } from './checksum-record.js';
import { checkFilling, closeAll, planFilling, probeAll } from './fill-data.js';
import { findAll, withFile } from './fill-file.js';

export type FillOptions = Pick<
  ConvertOptions,
  'workers' | 'memory' | 'signal' | 'onProgress' | 'baseDir' | 'modules'
>;

/** How a dataset was filled. */
export interface FilledDatasetReport extends Omit<DatasetReport, 'chunks'> {
  /** Shape of a chunk, in elements; null if the dataset is not chunked. */
  readonly chunks: readonly number[] | null;
}

/** The result of `fill`. */
export interface FillReport extends Omit<WorkReport, 'datasets'> {
  readonly datasets: readonly FilledDatasetReport[];
}

export const FILL_OPTIONS = optionNames<FillOptions>({
  workers: 1,
  memory: 1,
  signal: 1,
  onProgress: 1,
  baseDir: 1,
  modules: 1,
});

/**
 * Fills datasets of an existing NWB or HDF5 file, which any program may have made, on all cores. The data of a
 * dataset are a source, an array or an iterator. A dataset that is too short grows, up to its maxshape. A dataset
 * that is not chunked, such as PyNWB's without H5DataIO, can't grow, and libhdf5 writes it on this thread.
 *
 *     await fill('session.nwb', { '/acquisition/ap/data': { type: 'raw', path: 'ap.bin', … } });
 *
 * Everything is checked before anything is written. The file is changed in place. After an error or a stop, it
 * holds the data written so far. If the disk was full or the process was killed, each chunk holds what it held before
 * or what it was filled with; values of large datasets that are not chunked are overwritten directly. In both cases it
 * can be filled again. As with {@link open}, the file survives any end of the process.
 *
 * @param path of the file; relative paths, here and in sources, count from `options.baseDir`
 * @param datasets data, by the absolute path of the dataset that they fill
 * @throws OptionError if an option is unknown or invalid
 * @throws DescriptionError, SourceError, DataError, LayoutError, BudgetError if data, datasets and options do not
 * fit each other; OutputError if the file can't be written, or is itself a source; JobError if a chunk can't be read
 * or written; Hdf5Error if the file is damaged; errors of iterators; the reason of `signal`
 */
export async function fill(
  path: string,
  datasets: Readonly<Record<string, FillData>>,
  options: FillOptions = {},
): Promise<FillReport> {
  const begin = performance.now();
  // Conversions accept more options than this.
  requireKnown(options, FILL_OPTIONS);
  const resolved = resolveOptions(options);
  resolved.signal?.throwIfAborted();
  const filling = checkFilling(path, datasets, resolved);
  const { filename } = filling;
  const names = Object.keys(filling.datasets);
  const probed = new Map<string, Probed>();
  try {
    // Checked with the file open for reading, because opening a file for writing may already change it.
    await withFile(filename, 'r', async (file) => {
      const found = findAll(file, names);
      await probeAll(filling, resolved.baseDir, probed);
      planFilling(filling, found, probed, resolved);
    });
    resolved.signal?.throwIfAborted();
    const { work, written, closing } = await withFile(filename, 'r+', async (file) => {
      const opened = findAll(file, names);
      const work = planFilling(filling, opened, probed, resolved);
      const record = new ChecksumRecord(file);
      for (const [at, dataset] of opened.entries())
        if (!isUnchunked(dataset)) record.keep(at, dataset, work.datasets[at].spec.shape);
      const written = await run(
        file,
        opened,
        work,
        { ...resolved, keepPartial: true },
        { record, isExisting: true },
      );
      if (file.stagedBytes > 0) file.reclaim();
      record.write((at) => written.ledger.extent(at));
      return { work, written, closing: performance.now() };
    });
    const end = performance.now();
    const resources = {
      workers: work.workers,
      memory: { allowed: resolved.memory, planned: work.memory },
    };
    const times = { total: (end - begin) / 1000, close: (end - closing) / 1000 };
    const report = makeReport(filename, work.datasets, resources, written, times);
    const datasets = report.datasets.map((one, at) =>
      work.datasets[at].spec.isUnchunked ? { ...one, chunks: null, chunkCount: 0 } : one,
    );
    const warnings = [...workerWarnings(work, resolved), ...report.warnings];
    return { ...report, datasets, warnings };
  } catch (error) {
    rejectWriters(datasets, error);
    throw error;
  } finally {
    await closeAll(probed);
  }
}
