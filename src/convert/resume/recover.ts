import { cellCount } from '../../layout/index.js';
import { optionNames, requireKnown } from '../../option-error.js';
import { type ConvertOptions, resolveOptions } from '../../options.js';
import { Output, type WorkPlan, workerWarnings } from '../../plan/index.js';
import type { ConversionReport, InterruptedConversion } from '../conversion.js';
import { claimInterrupted } from './claim.js';
import {
  continueConversion,
  planNothing,
  planRemaining,
  refuseRecordedModules,
  requireUnchanged,
} from './continue.js';

export interface RecoverOptions
  extends Pick<
    ConvertOptions,
    'workers' | 'memory' | 'check' | 'signal' | 'onProgress' | 'baseDir' | 'modules'
  > {
  /**
   * Complete the file although data are known to be missing, because jobs of sources are not done or chunks are
   * damaged. Missing data read as the fill value. An existing file is never replaced. Default: false.
   */
  readonly incomplete?: boolean;
}

const RECOVER_OPTIONS = optionNames<RecoverOptions>({
  workers: 1,
  memory: 1,
  check: 1,
  signal: 1,
  onProgress: 1,
  baseDir: 1,
  modules: 1,
  incomplete: 1,
});

/**
 * Completes a file with the data that came, if no program can send them again. The file gets all data that a `flush()`
 * acknowledged, and the complete rows after them. Sources that are files are read to their end.
 *
 * @param path path of the file, of its partial file or of its journal
 * @throws OptionError if an option is unknown or invalid; OutputError if there is nothing to recover, the partial file is missing, or another process is
 * working on it; ResumeError if a source has changed, or data or records are damaged; else what `resume` throws
 */
export async function recover(
  path: string,
  options: RecoverOptions = {},
): Promise<ConversionReport> {
  const startedAt = performance.now();
  requireKnown(options, RECOVER_OPTIONS);
  const { incomplete = false, ...rest } = options;
  const claimed = claimInterrupted(path, resolveOptions(rest), startedAt);
  try {
    // A file that is known to be incomplete never replaces another one.
    const output = incomplete ? new Output(claimed.output.path, false) : claimed.output;
    const conversion = { ...claimed, output };
    return await continueConversion(conversion, async () => {
      const work = incomplete ? planNothing(conversion) : await planSources(conversion);
      const warnings = workerWarnings(work, conversion.options);
      return { work, series: [], warnings, recovery: { allowsGaps: incomplete } };
    });
  } finally {
    claimed.journal.release();
  }
}

/** Plans the rest of the sources. If no job is left, the sources need not exist any more. */
async function planSources(conversion: InterruptedConversion): Promise<WorkPlan> {
  try {
    if (!conversion.options.modules) refuseRecordedModules(conversion);
    requireUnchanged(conversion);
    return await planRemaining(conversion);
  } catch (error) {
    if (!hasAllChunks(conversion)) throw error;
    return planNothing(conversion);
  }
}

/** Whether all chunks of the sources are on record. */
function hasAllChunks({ header, recorded }: InterruptedConversion): boolean {
  return header.datasets.every(({ spec, data }, at) => {
    const grid = { extent: spec.shape, cell: spec.layout.chunk };
    return data.kind !== 'source' || recorded.chunks(at, grid).numbers.length === cellCount(grid);
  });
}
