import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { OutputError } from '../../errors.js';
import type { ResolvedOptions } from '../../options.js';
import { Output, outputFiles } from '../../plan/index.js';
import type { InterruptedConversion } from '../conversion.js';
import { Journal, knownHeader, Recorded } from '../journal/index.js';

/**
 * Claims the interrupted conversion of a file. Its journal stays locked until it is released.
 *
 * @param path path of the file, of its partial file or of its journal
 * @param startedAt when the user started it: a time of `performance.now()`
 * @throws OutputError if there is no interrupted conversion, or another process is working on it
 */
export function claimInterrupted(
  path: string,
  options: ResolvedOptions,
  startedAt: number,
): InterruptedConversion {
  const { path: file, journal: name } = outputFiles(resolve(options.baseDir, path));
  const refuse = (problem: string, remedy?: string): never => {
    throw new OutputError({ path: file, problem, ...(remedy && { remedy }) });
  };
  if (!existsSync(name) && !existsSync(file))
    refuse(
      `there is no interrupted conversion to ${file} (no journal ${name})`,
      'check the path, or begin with convert',
    );
  const { partialInode } = new Output(file, false);
  if (!existsSync(name)) refuse(`there is nothing to resume: ${file} exists and has no journal`);
  const journal = Journal.claim(name);
  try {
    const header = journal.header();
    if (!header)
      return refuse(
        `the conversion to ${file} was interrupted before it wrote anything`,
        'convert it again',
      );
    const recorded = Recorded.of(journal, header.datasets.length, partialInode);
    const output = new Output(file, header.overwrite);
    const known = knownHeader(header, recorded);
    return { output, journal, header: known, recorded, options, startedAt };
  } catch (error) {
    journal.release();
    throw error;
  }
}

/**
 * @throws OutputError if the partial file is missing although chunks are on record, or the output exists and
 * may not be replaced
 */
export function requirePartial({ output, recorded }: InterruptedConversion): void {
  if (recorded.hasChunks && !existsSync(output.partial))
    throw new OutputError({
      path: output.partial,
      problem: `${output.partial} is missing, although its journal ${output.journal} exists`,
      remedy: 'restore it, or remove the journal to start again',
    });
  output.checkFree();
}
