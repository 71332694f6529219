import { ResumeError } from '../../errors.js';
import { optionNames, requireKnown } from '../../option-error.js';
import { type ConvertOptions, resolveOptions } from '../../options.js';
import { workerWarnings } from '../../plan/index.js';
import { surface } from '../../surface.js';
import type { ConversionReport, InterruptedConversion } from '../conversion.js';
import { claimInterrupted } from './claim.js';
import {
  continueConversion,
  planRemaining,
  refuseRecordedModules,
  requireUnchanged,
} from './continue.js';

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

const RESUME_OPTIONS = optionNames<ResumeOptions>({
  workers: 1,
  memory: 1,
  check: 1,
  durability: 1,
  keepPartial: 1,
  signal: 1,
  onProgress: 1,
  baseDir: 1,
  modules: 1,
});

/**
 * Continues an interrupted conversion from its journal alone. The sources must be where they were, and
 * unchanged.
 *
 * @param path path of the file, of its partial file or of its journal
 * @throws OptionError if an option is unknown or invalid; OutputError if there is nothing to resume, or another process is working on it; ResumeError if a
 * source has changed, or if data came from a program and only this program can send the rest (see `convert`'s option
 * `resume`, and `recover`); else what `convert` throws
 */
export async function resume(path: string, options: ResumeOptions = {}): Promise<ConversionReport> {
  const startedAt = performance.now();
  requireKnown(options, RESUME_OPTIONS);
  const resolved = resolveOptions(options);
  resolved.signal?.throwIfAborted();
  const conversion = claimInterrupted(path, resolved, startedAt);
  try {
    return await continueConversion(conversion, async () => {
      if (!resolved.modules) refuseRecordedModules(conversion);
      requireUnchanged(conversion);
      const work = await planRemaining(conversion, requireComplete);
      return { work, series: [], warnings: workerWarnings(work, resolved) };
    });
  } finally {
    conversion.journal.release();
  }
}

/** @throws ResumeError if data came from a program, and not all of them had come */
function requireComplete(
  { output, header, recorded }: InterruptedConversion,
  dataset: number,
): void {
  if (recorded.datasets[dataset].hasEnded) return;
  const { path } = header.datasets[dataset].spec;
  throw new ResumeError({
    path: output.path,
    problems: [{ path, message: `the data of ${path} came from a program, which is not running` }],
    remedy: `call convert() with the option resume in that program, or ${surface().recover(output.path)} to keep the data received so far`,
  });
}
