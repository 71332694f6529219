import type { ConversionReport } from '../../coordinator/report.js';
import { ResumeError } from '../../errors.js';
import {
  type ConvertOptions,
  type FilledOptions,
  fillOptions,
  requireKnown,
} from '../../options.js';
import { probeSource } from '../../plan/probe.js';
import { type Part, type PlannedWork, planWork } from '../../plan/work.js';
import { changedFiles, isSameFile } from '../../sources/changed-files.js';
import { modulesOf, NO_CODE, SourceError } from '../../sources/index.js';
import { carryOut, type Undertaking } from '../write-file.js';
import { checkTakenUp, type TakenUp, takeUp } from './claim.js';
import { isToCompare, sourceProblem } from './differences.js';
import { publishedReport } from './published.js';

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
  | 'modules'
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
  'modules',
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
    return await goOn(taken, filled, begin, async () => {
      if (!filled.modules) refuseRecordedModules(taken);
      requireUnchanged(taken, filled);
      return { work: await planRest(taken, filled, requireProgram), warnings: [] };
    });
  } finally {
    taken.journal.release();
  }
}

/**
 * Goes on with what has been taken up.
 *
 * @param begin when the user asked for it, milliseconds
 * @param plan what is left; called where anything is
 * @throws OutputError where what is on record is not here, or the file may not be replaced
 */
export async function goOn(
  taken: TakenUp,
  options: FilledOptions,
  begin: number,
  plan: () => Promise<Pick<Undertaking, 'work' | 'warnings' | 'last'>>,
): Promise<ConversionReport> {
  const published = publishedReport(taken, options, begin);
  if (published) return published;
  checkTakenUp(taken);
  return carryOut({ ...taken, ...(await plan()) }, options, begin);
}

/** @throws SourceError where the journal names a module, whose code would run */
export function refuseRecordedModules({ journal, header }: TakenUp): void {
  for (const { laidOut, data } of header.datasets)
    if (data.kind === 'source')
      for (const { path } of modulesOf(data.source))
        throw new SourceError({
          path,
          expected: NO_CODE,
          where: `for ${laidOut.path} in ${journal.path}`,
          received: `the module ${path}`,
        });
}

/**
 * @param options with `check` a source may have another time: it is compared later
 * @throws ResumeError where a source is not what it was when the conversion began
 */
export function requireUnchanged(
  { output, header }: TakenUp,
  { check }: Pick<FilledOptions, 'check'>,
): void {
  const problems = header.datasets.flatMap(({ laidOut, data }) =>
    data.kind === 'source'
      ? changedFiles(data.files, isSameFile)
          .filter((file) => !isToCompare(file, check))
          .map((file) => sourceProblem(file, laidOut.path))
      : [],
  );
  if (problems.length > 0) throw new ResumeError(output.path, problems);
}

/**
 * Plans what is left of a conversion, but for data of a program, which are there or are not.
 *
 * @param check asked for each dataset of those
 * @throws SourceError, BudgetError; what `check` throws
 */
export async function planRest(
  taken: TakenUp,
  options: FilledOptions,
  check: (taken: TakenUp, dataset: number) => void = () => {},
): Promise<PlannedWork> {
  const parts: Part[] = [];
  try {
    for (const [at, { laidOut, data }] of taken.header.datasets.entries())
      if (data.kind === 'source') {
        parts.push({ laidOut, probed: await probeSource(data.source) });
      } else {
        check(taken, at);
        parts.push({ laidOut, probed: { kind: 'written' } });
      }
    return planWork(parts, options);
  } finally {
    for (const { probed } of parts) if (probed.kind === 'source') await probed.close();
  }
}

/** @throws ResumeError for data that had not all come */
function requireProgram({ output, header, recorded }: TakenUp, dataset: number): void {
  if (recorded.datasets[dataset].hasEnded) return;
  throw new ResumeError(output.path, [
    `no program that brings the data of ${header.datasets[dataset].laidOut.path} again: ` +
      "resume it with convert()'s option resume, or recover what came",
  ]);
}
