import { resolve } from 'node:path';
import type { Description } from '../description/index.js';
import { File } from '../hdf5/index.js';
import { optionNames, requireKnown } from '../option-error.js';
import { resolveOptions } from '../options.js';
import { isSourced, type PlannedDataset, prepare, type StreamData } from '../plan/index.js';
import { compareBulk } from './compare-bulk.js';
import { compareAttributes, compareSmall } from './compare-small.js';
import { type ExpectedDataset, readAgain, verifyReport } from './expected-dataset.js';
import type { VerifyOptions, VerifyReport } from './report.js';
import {
  type VerifyChunksOptions,
  type VerifyChunksReport,
  verifyChunks,
} from './verify-chunks.js';

/** The names of all options. */
export const VERIFY_OPTIONS = optionNames<VerifyOptions>({
  workers: 1,
  memory: 1,
  signal: 1,
  baseDir: 1,
  modules: 1,
  onProgress: 1,
});

/**
 * Verifies a file. With a description, compares every value with the sources of the description, and the attributes
 * of its series with the description. Without one, decodes the stored chunks and compares them with the checksums that
 * the file holds: this finds damage without the sources, and tells it from changes that another program made. Both run
 * in parallel.
 *
 *     const { equal, datasets } = await verify('session.nwb', description);
 *     const { state } = await verify('session.nwb');
 *
 * @param path of the file; relative paths in the description count from `options.baseDir`
 * @throws OptionError if an option is unknown or invalid; BudgetError if the memory does not hold one chunk for each
 * worker; Hdf5Error if the file can't be opened; the reason of `signal`
 * @throws with a description, the errors of `convert` for an invalid description or source
 * @throws ChecksumError without a description, if the file holds no checksums
 */
export function verify(
  path: string,
  description: Description,
  options?: VerifyOptions,
): Promise<VerifyReport>;
export function verify(
  path: string,
  description?: undefined,
  options?: VerifyChunksOptions,
): Promise<VerifyChunksReport>;
export function verify(
  path: string,
  description?: Description,
  options: VerifyOptions = {},
): Promise<VerifyReport | VerifyChunksReport> {
  return description === undefined
    ? verifyChunks(path, options)
    : verifyValues(path, description, options);
}

async function verifyValues(
  path: string,
  description: Description,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const begin = performance.now();
  requireKnown(options, VERIFY_OPTIONS);
  const { onProgress, ...rest } = options;
  const resolved = resolveOptions(rest);
  const prepared = await prepare(description, resolved);
  const bulk = prepared.datasets.map(expectedOf);
  using file = new File(resolve(path), 'r');
  const datasets = [
    ...compareSmall(file, prepared),
    ...compareAttributes(file, prepared),
    ...(await compareBulk(file, bulk, { ...resolved, asConverted: true, onProgress })),
  ];
  return verifyReport(file.filename, datasets, bulk, begin);
}

/** @throws LayoutError if the data come from an iterator */
function expectedOf(planned: PlannedDataset): ExpectedDataset {
  const { path, dtype, shape } = planned.spec;
  // A conversion that was prepared has data from sources or from the program only.
  const data = isSourced(planned) ? planned.data.source : (planned.data as StreamData).blocks;
  return { path, dtype, shape, data: readAgain(data, path) };
}
