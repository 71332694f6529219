import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { OutputError } from '../../errors.js';
import { knownHeader } from '../journal/header.js';
import { type Header, Journal, Recorded } from '../journal/index.js';
import { Output, outputOf } from '../output.js';

/** A conversion that was interrupted, kept from others. */
export interface TakenUp {
  readonly output: Output;
  readonly journal: Journal;
  readonly header: Header;
  readonly recorded: Recorded;
}

/**
 * Takes up the conversion that makes a file.
 *
 * @param path the file's, or that of its partial file or journal
 * @throws OutputError where there is nothing to take up, or another process is at it
 */
export function takeUp(path: string, baseDir: string): TakenUp {
  const file = outputOf(resolve(baseDir, path));
  const { journal: name, partialInode } = new Output(file, false);
  const refuse = (received: string): never => {
    throw new OutputError(file, 'a conversion that was interrupted', received);
  };
  if (!existsSync(name)) refuse(existsSync(file) ? 'a complete file' : `no journal ${name}`);
  const journal = Journal.claim(name);
  try {
    const header = journal.header();
    if (!header) return refuse('one that had not begun: convert it anew');
    const recorded = Recorded.of(journal, header.datasets.length, partialInode);
    const output = new Output(file, header.overwrite);
    return { output, journal, header: knownHeader(header, recorded), recorded };
  } catch (error) {
    journal.release();
    throw error;
  }
}

/**
 * @throws OutputError where the chunks that are on record are not here, or the file that is there may not
 * be replaced
 */
export function checkTakenUp({ output, recorded }: TakenUp): void {
  if (recorded.hasChunks && !existsSync(output.partial))
    throw new OutputError(
      output.partial,
      `the partial file of ${output.journal}`,
      'no such file: bring it back, or remove the journal, too',
    );
  output.checkFree();
}
