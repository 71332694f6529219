import { cellCount } from '../layout/index.js';
import { carryOut } from './carry-out.js';
import { ResumeError } from './errors.js';
import { type ConvertOptions, fillOptions, requireKnown } from './options.js';
import { publishedReport } from './published.js';
import type { ConversionReport } from './report.js';
import { lastChunks } from './restore.js';
import { type TakenUp, takeUp } from './take-up.js';
import { planWork } from './work.js';

export interface RecoverOptions
  extends Pick<ConvertOptions, 'workers' | 'memory' | 'check' | 'signal' | 'baseDir'> {
  /**
   * Complete the file though chunks of sources are missing, which then read as the fill value. Default:
   * false, since such a conversion can be resumed.
   */
  readonly incomplete?: boolean;
}

const KNOWN: readonly string[] = [
  'workers',
  'memory',
  'check',
  'signal',
  'baseDir',
  'incomplete',
] satisfies (keyof RecoverOptions)[];

/**
 * Completes a file with what came, for data that can't be brought again: all that was acknowledged by a
 * `flush()`, and what else is on record. Datasets that grow end with the last row of chunks that came.
 *
 * @param path of the file to be; that of its partial file or journal will do
 * @throws OutputError where there is nothing to recover, or another process is at it; ResumeError where
 * chunks of sources are missing, unless `incomplete` is set; Hdf5Error; WriteError
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
    const published = publishedReport(taken, filled, begin);
    if (published) return published;
    const { output, header } = taken;
    if (!incomplete) requireSources(taken);
    output.checkFree();
    const parts = header.datasets.map(({ laidOut }) => ({
      laidOut,
      probed: { kind: 'written' as const },
    }));
    const undertaking = { ...taken, work: planWork(parts, filled), warnings: [], isLast: true };
    return await carryOut(undertaking, filled, begin);
  } finally {
    taken.journal.release();
  }
}

/** @throws ResumeError where chunks of sources are missing */
function requireSources({ output, header, recorded }: TakenUp): void {
  const problems = header.datasets.flatMap(({ laidOut, data }, at) => {
    if (data.kind !== 'source') return [];
    const { extent, chunks } = lastChunks(recorded, at, laidOut);
    const all = cellCount({ extent, cell: laidOut.layout.chunk });
    const missing = all - chunks.numbers.length;
    return missing > 0 ? [`only ${all - missing} of ${all} chunks of ${laidOut.path}`] : [];
  });
  if (problems.length > 0)
    throw new ResumeError(output.path, [
      ...problems,
      'resume it, or allow that the file is incomplete',
    ]);
}
