import type { ConversionReport } from '../../coordinator/report.js';
import { cellCount } from '../../layout/index.js';
import {
  type ConvertOptions,
  type FilledOptions,
  fillOptions,
  requireKnown,
} from '../../options.js';
import { type PlannedWork, planWork } from '../../plan/work.js';
import { Output } from '../output.js';
import { type TakenUp, takeUp } from './claim.js';
import { goOn, planRest, refuseRecordedModules, requireUnchanged } from './resume.js';

export interface RecoverOptions
  extends Pick<
    ConvertOptions,
    'workers' | 'memory' | 'check' | 'signal' | 'onProgress' | 'baseDir' | 'modules'
  > {
  /**
   * Complete the file though it is known that something is missing: jobs of sources that are not done,
   * chunks that are damaged. They read as the fill value, and the file takes no other's place. Default: false.
   */
  readonly incomplete?: boolean;
}

const KNOWN: readonly string[] = [
  'workers',
  'memory',
  'check',
  'signal',
  'onProgress',
  'baseDir',
  'modules',
  'incomplete',
] satisfies (keyof RecoverOptions)[];

/**
 * Completes a file with what came, for data that can't be brought again: all that was acknowledged by a
 * `flush()`, and what came behind it as whole rows. What is left of sources is read.
 *
 * @param path of the file to be; that of its partial file or journal will do
 * @throws OutputError where there is nothing to recover, its partial file is not here, or another process
 * is at it; ResumeError where sources have changed, or something is damaged; else as `resume`
 */
export async function recover(
  path: string,
  options: RecoverOptions = {},
): Promise<ConversionReport> {
  const begin = performance.now();
  requireKnown(options, KNOWN);
  const { incomplete = false, ...rest } = options;
  const filled = fillOptions(rest);
  const taken = takeUp(path, filled.baseDir);
  try {
    // What is known to be incomplete takes no file's place.
    const output = incomplete ? new Output(taken.output.path, false) : taken.output;
    return await goOn({ ...taken, output }, filled, begin, async () => ({
      work: incomplete ? planNothing(taken, filled) : await planSources(taken, filled),
      warnings: [],
      last: { isIncomplete: incomplete },
    }));
  } finally {
    taken.journal.release();
  }
}

/** Workers do what is left of the sources, which need not be there where nothing is. */
async function planSources(taken: TakenUp, options: FilledOptions): Promise<PlannedWork> {
  try {
    if (!options.modules) refuseRecordedModules(taken);
    requireUnchanged(taken, options);
    return await planRest(taken, options);
  } catch (error) {
    if (!isAllThere(taken)) throw error;
    return planNothing(taken, options);
  }
}

function planNothing({ header }: TakenUp, options: FilledOptions): PlannedWork {
  const parts = header.datasets.map(({ laidOut }) => ({
    laidOut,
    probed: { kind: 'written' as const },
  }));
  return planWork(parts, options);
}

/** Whether all chunks of the sources are on record. */
function isAllThere({ header, recorded }: TakenUp): boolean {
  return header.datasets.every(({ laidOut, data }, at) => {
    const grid = { extent: laidOut.shape, cell: laidOut.layout.chunk };
    return data.kind !== 'source' || recorded.chunks(at, grid).numbers.length === cellCount(grid);
  });
}
