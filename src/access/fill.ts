import { resolve } from 'node:path';
import { dropChecksumsOf } from '../checksums/index.js';
import {
  type DatasetReport,
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
import { optionNames, requireKnown } from '../option-error.js';
import { type ConvertOptions, type ResolvedOptions, resolveOptions } from '../options.js';
import {
  type Probed,
  planWork,
  probeBlocks,
  probeSource,
  refuseInput,
  sourceInputs,
} from '../plan/index.js';
import { resolveSourcePaths } from '../sources/index.js';
import { isDataChunkIterator, isNdArray } from '../streams/index.js';
import { findAll, fit, withFile } from './fill-file.js';

export type FillOptions = Pick<
  ConvertOptions,
  'workers' | 'memory' | 'signal' | 'onProgress' | 'baseDir' | 'modules'
>;

/** A dataset as it was filled. */
export interface FilledDatasetReport extends Omit<DatasetReport, 'chunks'> {
  /** Shape of a chunk; null where it is not chunked. */
  readonly chunks: readonly number[] | null;
}

/** What `fill` did. */
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
 * Fills datasets of an NWB or HDF5 file that is there, whoever made it, on all cores: each from a
 * source, an array or an iterator. A dataset that is too short grows, as far as its maxshape goes; one
 * that is not chunked (PyNWB's without H5DataIO) can't grow, and libhdf5 writes it, on this thread.
 *
 *     await fill('session.nwb', { '/acquisition/ap/data': { type: 'raw', path: 'ap.bin', … } });
 *
 * Everything is checked before anything is written. The file is changed in place: when this fails or
 * is stopped, it holds what had been written by then, or, where the disk is full or the process is killed,
 * what it held before, but for large datasets that are not chunked: those are written in place. It can be
 * filled again. As with {@link open}, no end of the process damages it.
 *
 * @param datasets data by the absolute path of their dataset
 * @throws OptionError, DescriptionError, SourceError, DataError, LayoutError, BudgetError for what does not fit;
 * OutputError where the file can't be written, or is a source itself; JobError; Hdf5Error; what an
 * iterator throws; the reason of `signal`
 */
export async function fill(
  path: string,
  datasets: Readonly<Record<string, FillData>>,
  options: FillOptions = {},
): Promise<FillReport> {
  const begin = performance.now();
  // Conversions accept more options than this.
  requireKnown(options, FILL_OPTIONS);
  const filled = resolveOptions(options);
  filled.signal?.throwIfAborted();
  const checked = checkFill({ path, datasets });
  const filename = resolve(filled.baseDir, checked.path);
  const names = Object.keys(checked.datasets);
  if (!filled.modules) refuseModules(placedSources(checked.datasets, filled.baseDir));
  const probed = new Map<string, Probed>();
  try {
    // A file that is opened to be written may change by that alone: what is refused is so before.
    await withFile(filename, 'r', async (file) => {
      const found = findAll(file, names);
      await probeAll(checked.datasets, filled.baseDir, probed);
      planFill(filename, found, probed, filled);
    });
    filled.signal?.throwIfAborted();
    const { work, written, closing } = await withFile(filename, 'r+', async (file) => {
      const opened = findAll(file, names);
      const work = planFill(filename, opened, probed, filled);
      for (const dataset of opened) dropChecksumsOf(file, dataset);
      const written = await run(file, opened, work, { ...filled, keepPartial: true });
      return { work, written, closing: performance.now() };
    });
    const end = performance.now();
    const resources = {
      workers: work.workers,
      memory: { allowed: filled.memory, planned: work.memory },
    };
    const times = { total: (end - begin) / 1000, close: (end - closing) / 1000 };
    const report = makeReport(filename, work.datasets, resources, written, times);
    const datasets = report.datasets.map((one, at) =>
      work.datasets[at].spec.isUnchunked ? { ...one, chunks: null, chunkCount: 0 } : one,
    );
    return { ...report, datasets };
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

/** @param probed takes up what was opened, also where a later one fails */
async function probeAll(
  datasets: Checked,
  baseDir: string,
  probed: Map<string, Probed>,
): Promise<void> {
  for (const [name, data] of Object.entries(datasets))
    probed.set(
      name,
      isMemory(data)
        ? await probeBlocks(data, name)
        : await probeSource(resolveSourcePaths(data, baseDir)),
    );
}

function isMemory(data: Checked[string]): data is Exclude<Checked[string], { type: string }> {
  return isDataChunkIterator(data) || isNdArray(data);
}

/** @throws LayoutError, BudgetError, OutputError for data that do not fit */
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
