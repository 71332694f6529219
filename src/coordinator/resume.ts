import { carryOut, type Undertaking } from './carry-out.js';
import { changedFiles } from './changed-sources.js';
import { ResumeError } from './errors.js';
import { gatheringWarnings } from './gathering-warnings.js';
import { type ConvertOptions, type FilledOptions, fillOptions, requireKnown } from './options.js';
import { probeSource } from './probe.js';
import { publishedReport } from './published.js';
import type { ConversionReport } from './report.js';
import { type TakenUp, takeUp } from './take-up.js';
import { type Part, type PlannedWork, planWork } from './work.js';

export type ResumeOptions = Pick<
  ConvertOptions,
  | 'workers'
  | 'memory'
  | 'check'
  | 'durability'
  | 'keepPartial'
  | 'signal'
  | 'onProgress'
  | 'baseDir'
>;

const KNOWN: readonly string[] = [
  'workers',
  'memory',
  'check',
  'durability',
  'keepPartial',
  'signal',
  'onProgress',
  'baseDir',
] satisfies (keyof ResumeOptions)[];

/**
 * Goes on with a conversion that was interrupted, from its journal alone: the sources must be where they
 * were, and as they were.
 *
 * @param path of the file to be; that of its partial file or journal will do
 * @throws OutputError where there is nothing to resume, or another process is at it; ResumeError where a
 * source has changed, or data came from a program, which alone can bring the rest (see `convert`'s
 * option resume, and `recover`); else what `convert` throws
 */
export async function resume(path: string, options: ResumeOptions = {}): Promise<ConversionReport> {
  const begin = performance.now();
  requireKnown(options, KNOWN);
  const filled = fillOptions(options);
  filled.signal?.throwIfAborted();
  const taken = takeUp(path, filled.baseDir);
  try {
    const published = publishedReport(taken, filled, begin);
    if (published) return published;
    requireUnchanged(taken);
    const work = await planRest(taken, filled);
    return await goOn({ ...taken, work, warnings: gatheringWarnings(work) }, filled, begin);
  } finally {
    taken.journal.release();
  }
}

/**
 * Goes on with what has been taken up.
 *
 * @param begin when the user asked for it, milliseconds
 * @throws ResumeError where a source is not what it was
 */
export async function goOn(
  undertaking: Undertaking & TakenUp,
  options: FilledOptions,
  begin: number,
): Promise<ConversionReport> {
  const published = publishedReport(undertaking, options, begin);
  if (published) return published;
  requireUnchanged(undertaking);
  undertaking.output.checkFree();
  return carryOut(undertaking, options, begin);
}

/** @throws ResumeError where a source is not what it was when the conversion began */
function requireUnchanged({ output, header }: TakenUp): void {
  const problems = header.datasets.flatMap(({ laidOut, data }) =>
    data.kind === 'source'
      ? changedFiles(data.files).map(
          ({ path, expected, received }) =>
            `${received} where there were ${expected} for ${path}, the source of ${laidOut.path}`,
        )
      : [],
  );
  if (problems.length > 0) throw new ResumeError(output.path, problems);
}

/** @throws SourceError, BudgetError; ResumeError for data that a program has to bring */
async function planRest(
  { output, header, recorded }: TakenUp,
  options: FilledOptions,
): Promise<PlannedWork> {
  const parts: Part[] = [];
  try {
    for (const [at, { laidOut, data }] of header.datasets.entries()) {
      if (data.kind === 'source') {
        parts.push({ laidOut, probed: await probeSource(data.source) });
        continue;
      }
      if (!recorded.datasets[at].hasEnded)
        throw new ResumeError(output.path, [
          `no program that brings the data of ${laidOut.path} again: ` +
            "resume it with convert()'s option resume, or recover what came",
        ]);
      parts.push({ laidOut, probed: { kind: 'written' } });
    }
    return planWork(parts, options);
  } finally {
    for (const { probed } of parts) if (probed.kind === 'source') await probed.close();
  }
}
