import { ResumeError } from '../../errors.js';
import { type ConvertOptions, requireKnown, resolveOptions } from '../../options.js';
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
 * Continues an interrupted conversion from its journal alone. The sources must be where they were, and
 * unchanged.
 *
 * @param path path of the file, of its partial file or of its journal
 * @throws OutputError if there is nothing to resume, or another process is working on it; ResumeError if a
 * source has changed, or if data came from a program and only this program can send the rest (see `convert`'s option
 * `resume`, and `recover`); else what `convert` throws
 */
export async function resume(path: string, options: ResumeOptions = {}): Promise<ConversionReport> {
  const startedAt = performance.now();
  requireKnown(options, KNOWN);
  const resolved = resolveOptions(options);
  resolved.signal?.throwIfAborted();
  const conversion = claimInterrupted(path, resolved, startedAt);
  try {
    return await continueConversion(conversion, async () => {
      if (!resolved.modules) refuseRecordedModules(conversion);
      requireUnchanged(conversion);
      return { work: await planRemaining(conversion, requireComplete), warnings: [] };
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
  throw new ResumeError(output.path, [
    `no program that brings the data of ${header.datasets[dataset].spec.path} again: ` +
      "resume it with convert()'s option resume, or recover what came",
  ]);
}
