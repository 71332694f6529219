import type { FillData } from '../description/index.js';
import { File } from '../hdf5/index.js';
import { requireKnown } from '../option-error.js';
import { resolveOptions } from '../options.js';
import type { Probed } from '../plan/index.js';
import {
  compareBulk,
  readAgain,
  VERIFY_OPTIONS,
  type VerifyOptions,
  type VerifyReport,
  verifyReport,
} from '../verify/index.js';
import { checkFilling, closeAll, probeAll } from './fill-data.js';

/**
 * Compares every value of datasets with the data that {@link fill} filled them with: chunked datasets in parallel,
 * others on this thread. A dataset that is missing, or has another type or shape than its data, differs.
 *
 *     const { equal } = await verifyFill('session.nwb', { '/acquisition/ap/data': { type: 'raw', … } });
 *
 * @param path of the file; relative paths, here and in sources, count from `options.baseDir`
 * @param datasets sources or arrays, by the absolute path of the dataset that should hold them
 * @throws OptionError if an option is unknown or invalid
 * @throws DescriptionError, SourceError, DataError if the data can't be used; LayoutError for an iterator, which can't
 * be read again; BudgetError if the memory does not hold one chunk for each worker; JobError if a chunk or a source
 * can't be read; Hdf5Error if the file can't be opened; the reason of `signal`
 */
export async function verifyFill(
  path: string,
  datasets: Readonly<Record<string, FillData>>,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const begin = performance.now();
  requireKnown(options, VERIFY_OPTIONS);
  const { onProgress, ...rest } = options;
  const resolved = resolveOptions(rest);
  resolved.signal?.throwIfAborted();
  const filling = checkFilling(path, datasets, resolved);
  for (const [name, data] of Object.entries(filling.datasets)) readAgain(data, name);
  const probed = new Map<string, Probed>();
  try {
    await probeAll(filling, resolved.baseDir, probed);
    const bulk = [...probed].map(([name, { info, ...one }]) => ({
      path: name,
      dtype: info.dtype,
      shape: info.shape,
      data: one.kind === 'source' ? one.source : readAgain(one.blocks, name),
    }));
    using file = new File(filling.filename, 'r');
    const compared = await compareBulk(file, bulk, { ...resolved, asConverted: false, onProgress });
    return verifyReport(file.filename, compared, bulk, begin);
  } finally {
    await closeAll(probed);
  }
}
