import {
  type DatasetReport,
  isUnchunked,
  makeReport,
  rejectWriters,
  run,
  type WorkReport,
} from '../coordinator/index.js';
import {
  checkFill,
  type FillData,
  type PlacedSource,
  refuseModules,
} from '../description/index.js';
import type { Dataset } from '../hdf5/index.js';
import { resolvePath } from '../home-path.js';
import { within } from '../hyperslab-error.js';
import { optionNames, requireKnown } from '../option-error.js';
import { type ConvertOptions, type ResolvedOptions, resolveOptions } from '../options.js';
import {
  type Probed,
  planWork,
  probeBlocks,
  probeSource,
  refuseInput,
  sourceInputs,
  workerWarnings,
} from '../plan/index.js';
import { resolveSourcePaths } from '../sources/index.js';
import { isDataChunkIterator, isNdArray } from '../streams/index.js';
import { ChecksumRecord } from './checksum-record.js';
import { findAll, fit, withFile } from './fill-file.js';

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

const FILL_OPTIONS = optionNames<FillOptions>({
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
  const checked = checkFill({ path, datasets });
  const filename = resolvePath(resolved.baseDir, checked.path);
  const names = Object.keys(checked.datasets);
  if (!resolved.modules) refuseModules(placedSources(checked.datasets, resolved.baseDir));
  const probed = new Map<string, Probed>();
  try {
    // Checked with the file open for reading, because opening a file for writing may already change it.
    await withFile(filename, 'r', async (file) => {
      const found = findAll(file, names);
      await probeAll(checked.datasets, resolved.baseDir, probed);
      planFill(filename, found, probed, resolved);
    });
    resolved.signal?.throwIfAborted();
    const { work, written, closing } = await withFile(filename, 'r+', async (file) => {
      const opened = findAll(file, names);
      const work = planFill(filename, opened, probed, resolved);
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
    for (const one of probed.values()) if (one.kind === 'source') await one.close();
  }
}

type Checked = ReturnType<typeof checkFill>['datasets'];

function placedSources(datasets: Checked, baseDir: string): PlacedSource[] {
  return Object.entries(datasets).flatMap(([name, data]): PlacedSource[] =>
    isMemory(data) ? [] : [[['datasets', name], resolveSourcePaths(data, baseDir)]],
  );
}

/** @param probed receives each dataset's data once opened, so that they can be closed if a later one fails */
async function probeAll(
  datasets: Checked,
  baseDir: string,
  probed: Map<string, Probed>,
): Promise<void> {
  for (const [name, data] of Object.entries(datasets))
    probed.set(
      name,
      await within(`datasets.${name}`, () =>
        isMemory(data) ? probeBlocks(data, name) : probeSource(resolveSourcePaths(data, baseDir)),
      ),
    );
}

function isMemory(data: Checked[string]): data is Exclude<Checked[string], { type: string }> {
  return isDataChunkIterator(data) || isNdArray(data);
}

/** @throws LayoutError, BudgetError if the data do not fit; OutputError if the file is a source itself */
function planFill(
  filename: string,
  datasets: readonly Dataset[],
  probed: ReadonlyMap<string, Probed>,
  options: ResolvedOptions,
) {
  const parts = [...probed.values()].map((one, at) => fit(datasets[at], one));
  refuseInput(filename, [...sourceInputs(parts)]);
  return planWork(parts, options);
}
