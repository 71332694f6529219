import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { OutputError } from '../errors.js';
import { formatBytes } from '../layout/index.js';
import type { ResolvedOptions } from '../options.js';
import { modulesOf } from '../sources/index.js';
import { optionName } from '../surface.js';
import { isSourced } from './datasets.js';
import { estimateStored } from './estimate.js';
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

/** Warns if a file needs more bytes than are free on its disk. */
export function spaceWarnings(path: string, bytes: number): string[] {
  const folder = dirname(path);
  const free = freeBytes(folder);
  if (bytes <= free) return [];
  return [
    `about ${formatBytes(bytes)} will be written, but only ${formatBytes(free)} are free in ${folder}`,
  ];
}

/** Bytes that this user may still write into a folder. */
function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/**
 * Warns if a conversion will not fit onto the disk. Chunks are only sampled if the data before compression would not
 * fit. Data that can't be sampled here, those of iterators and modules, count nothing.
 *
 * @throws what the sources throw
 */
export async function fullDiskWarnings({ description, datasets }: Prepared): Promise<string[]> {
  const { path } = description;
  const rawBytes = datasets.reduce((sum, { spec }) => sum + spec.rawBytes, 0);
  if (rawBytes <= freeBytes(dirname(path))) return [];
  let bytes = 0;
  for (const dataset of datasets)
    if (isSourced(dataset) && modulesOf(dataset.data.source).length === 0)
      bytes += await estimateStored(dataset);
  return spaceWarnings(path, bytes);
}
