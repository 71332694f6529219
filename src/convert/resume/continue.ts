import { ResumeError } from '../../errors.js';
import { type ProbedDataset, planWork, probeSource, type WorkPlan } from '../../plan/index.js';
import {
  changedFiles,
  isSameFile,
  modulesOf,
  SourceError,
  withoutCode,
} from '../../sources/index.js';
import type { ConversionReport, InterruptedConversion, RemainingWork } from '../conversion.js';
import { writeFile } from '../write-file.js';
import { requirePartial } from './claim.js';
import { isToCompare, sourceProblem } from './differences.js';
import { publishedReport } from './published.js';

/**
 * Continues an interrupted conversion to its end.
 *
 * @param planRest plans the remaining work; not called if the file is already complete
 * @throws OutputError if the partial file is missing, or the output may not be replaced; what `planRest` and
 * `writeFile` throw
 */
export async function continueConversion(
  conversion: InterruptedConversion,
  planRest: () => Promise<RemainingWork>,
): Promise<ConversionReport> {
  const published = publishedReport(conversion);
  if (published) return published;
  requirePartial(conversion);
  return writeFile(conversion, await planRest());
}

/** @throws SourceError if the journal names a module: resuming would run its code */
export function refuseRecordedModules({ journal, header }: InterruptedConversion): void {
  for (const { spec, data } of header.datasets)
    if (data.kind === 'source')
      for (const { path } of modulesOf(data.source))
        throw new SourceError({
          path,
          expected: withoutCode(),
          where: `for ${spec.path} in ${journal.path}`,
          received: `the module ${path}`,
        });
}

/**
 * With the option `check`, files of a source may have other times: their values are compared later.
 *
 * @throws ResumeError if a source is not what it was when the conversion began
 */
export function requireUnchanged({ output, header, options }: InterruptedConversion): void {
  const problems = header.datasets.flatMap(({ spec, data }) =>
    data.kind === 'source'
      ? changedFiles(data.files, isSameFile)
          .filter((file) => !isToCompare(file, options.check))
          .map((file) => sourceProblem(file, spec.path, output.path))
      : [],
  );
  if (problems.length > 0) throw new ResumeError({ path: output.path, problems });
}

/**
 * Plans the remaining work of all sources. Data that came from a program count as written.
 *
 * @param checkStream called with the number of each dataset whose data came from a program
 * @throws SourceError, BudgetError; what `checkStream` throws
 */
export async function planRemaining(
  conversion: InterruptedConversion,
  checkStream: (conversion: InterruptedConversion, dataset: number) => void = () => {},
): Promise<WorkPlan> {
  const parts: ProbedDataset[] = [];
  try {
    for (const [at, { spec, data }] of conversion.header.datasets.entries())
      if (data.kind === 'source') {
        parts.push({ spec, probed: await probeSource(data.source) });
      } else {
        checkStream(conversion, at);
        parts.push({ spec, probed: { kind: 'written' } });
      }
    return planWork(parts, conversion.options);
  } finally {
    for (const { probed } of parts) if (probed.kind === 'source') await probed.close();
  }
}

/** Plans a conversion with no data left to write. */
export function planNothing({ header, options }: InterruptedConversion): WorkPlan {
  const parts = header.datasets.map(
    ({ spec }): ProbedDataset => ({
      spec,
      probed: { kind: 'written' },
    }),
  );
  return planWork(parts, options);
}
