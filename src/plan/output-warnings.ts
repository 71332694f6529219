import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { OutputError } from '../errors.js';
import { formatBytes } from '../layout/index.js';
import type { ResolvedOptions } from '../options.js';
import { optionName } from '../surface.js';
import { Output } from './output.js';
import type { Prepared } from './prepare.js';

/**
 * Warns, one line each, of what would stop the conversion from writing its file: existing files, and too
 * little disk space.
 *
 * @param bytes estimate of the bytes to write
 * @throws OutputError if no option would help
 */
export function outputWarnings(
  { description, inputs }: Prepared,
  options: Pick<ResolvedOptions, 'overwrite' | 'resume'>,
  bytes: number,
): string[] {
  const output = new Output(description.path, true);
  output.checkInputs(inputs);
  output.checkNew();
  output.checkJournal();
  // A partial file with a journal is resumed, and a resumed one may not be emptied.
  if (!existsSync(output.journal)) output.requireSingleName();
  return [...fileWarnings(description.path, options), ...spaceWarnings(description.path, bytes)];
}

function fileWarnings(
  path: string,
  { overwrite, resume }: Pick<ResolvedOptions, 'overwrite' | 'resume'>,
): string[] {
  const output = new Output(path, overwrite);
  const isBegun = existsSync(output.journal);
  try {
    // With a journal, the partial file is expected. Whether it can be resumed is checked on resuming.
    if (!isBegun) output.checkNew();
    else if (!resume) output.checkFree();
  } catch (error) {
    if (error instanceof OutputError) return [error.message];
    throw error;
  }
  if (!isBegun || resume || overwrite) return [];
  return [
    `a conversion to ${path} is under way or was interrupted (${output.journal}): resume it, or pass ${optionName('overwrite')} to start again`,
  ];
}

function spaceWarnings(path: string, bytes: number): string[] {
  const folder = dirname(path);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (bytes <= free) return [];
  return [
    `about ${formatBytes(bytes)} will be written, but only ${formatBytes(free)} are free in ${folder}`,
  ];
}
