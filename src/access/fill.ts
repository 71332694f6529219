import { resolve } from 'node:path';
import {
  type ConvertOptions,
  fillOptions,
  makeReport,
  type Part,
  type Probed,
  planWork,
  probeBlocks,
  probeSource,
  refuseInput,
  run,
  sourceInputs,
  storedLaidOut,
  type WorkReport,
} from '../coordinator/engine.js';
import { checkFill, type FillData } from '../description/index.js';
import { type Dataset, File, Hdf5Error } from '../hdf5/index.js';
import { LayoutError } from '../layout/index.js';
import { isDataChunkIterator, resolveSourcePaths } from '../sources/index.js';

export type FillOptions = Pick<
  ConvertOptions,
  'workers' | 'memory' | 'signal' | 'onProgress' | 'baseDir'
>;

/**
 * Fills datasets of an NWB or HDF5 file that is there, whoever made it, on all cores: each from a
 * source, an array or an iterator. A dataset that is too short grows, as far as its maxshape goes.
 *
 *     await fill('session.nwb', { '/acquisition/ap/data': { type: 'raw', path: 'ap.bin', … } });
 *
 * Everything is checked before anything is written. The file is changed in place: when this fails or
 * is stopped, it holds what had been written by then.
 *
 * @param datasets data by the absolute path of their dataset
 * @throws DescriptionError, SourceError, DataError, LayoutError, BudgetError for what does not fit;
 * OutputError where the file itself is a source; JobError; Hdf5Error; the reason of `signal`
 */
export async function fill(
  path: string,
  datasets: Readonly<Record<string, FillData>>,
  options: FillOptions = {},
): Promise<WorkReport> {
  const begin = performance.now();
  const filled = fillOptions(options);
  filled.signal?.throwIfAborted();
  const checked = checkFill({ path, datasets });
  const filename = resolve(filled.baseDir, checked.path);
  const probed = await probeAll(checked.datasets, filled.baseDir);
  try {
    const file = new File(filename, 'r+');
    try {
      const opened = [...probed.keys()].map((name) => find(file, name));
      const parts = [...probed.values()].map((one, at) => fit(opened[at], one));
      refuseInput(filename, [...sourceInputs(parts)]);
      const work = planWork(parts, filled);
      const written = await run(file, opened, work, { ...filled, keepPartial: true });
      const closing = performance.now();
      file.flush();
      file.close();
      const end = performance.now();
      const times = { total: (end - begin) / 1000, close: (end - closing) / 1000 };
      return makeReport(filename, work, filled.memory, written, times);
    } finally {
      file.close();
    }
  } finally {
    for (const one of probed.values()) if (one.kind === 'source') await one.close();
  }
}

async function probeAll(
  datasets: ReturnType<typeof checkFill>['datasets'],
  baseDir: string,
): Promise<Map<string, Probed>> {
  const probed = new Map<string, Probed>();
  try {
    for (const [name, data] of Object.entries(datasets))
      probed.set(
        name,
        isMemory(data)
          ? await probeBlocks(data, name)
          : await probeSource(resolveSourcePaths(data, baseDir)),
      );
  } catch (error) {
    for (const one of probed.values()) if (one.kind === 'source') await one.close();
    throw error;
  }
  return probed;
}

type Checked = ReturnType<typeof checkFill>['datasets'][string];

function isMemory(data: Checked): data is Exclude<Checked, { type: string }> {
  return isDataChunkIterator(data) || ('shape' in data && 'data' in data);
}

/** @throws LayoutError where there is no such dataset */
function find(file: File, name: string): Dataset {
  try {
    return file.dataset(name);
  } catch (error) {
    if (!(error instanceof Hdf5Error)) throw error;
    const reason = error.frames.at(-1)?.description ?? 'none';
    const received = reason.replace(/^expected .* but received /, '');
    throw new LayoutError({ name, expected: `a dataset of ${file.filename}`, received });
  }
}

/** @throws LayoutError where the dataset can't take the data. */
function fit(dataset: Dataset, probed: Probed): Part {
  const { path, shape, maxshape } = dataset;
  const {
    dtype,
    shape: given,
    maxshape: grows,
  } = probed.info as Probed['info'] & {
    maxshape?: readonly (number | null)[];
  };
  const laidOut = storedLaidOut(dataset, grows ? shape : given);
  if (dtype !== laidOut.dtype)
    throw new LayoutError({ name: path, expected: `data of ${laidOut.dtype}`, received: dtype });
  const show = (lengths: readonly (number | null)[]) => `[${lengths.map(String).join(', ')}]`;
  const fits =
    given.length === shape.length &&
    given.every(
      (length, axis) =>
        length === shape[axis] ||
        (length > shape[axis] && length <= (maxshape[axis] ?? Number.POSITIVE_INFINITY)) ||
        (grows !== undefined && length <= shape[axis]),
    );
  if (fits) return { laidOut, probed };
  throw new LayoutError({
    name: path,
    expected: `data of shape ${show(shape)}, or longer within ${show(maxshape)}`,
    received: `data of shape ${show(given)}`,
  });
}
