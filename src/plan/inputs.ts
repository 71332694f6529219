import { type Stats, statSync } from 'node:fs';
import type { ResolvedDescription } from '../description/index.js';
import { OutputError } from '../errors.js';
import type { ProbedDataset } from './datasets.js';

/** A file that a conversion reads. */
export interface Input {
  readonly path: string;
  /** What the file is read for, in words: `the electrodes`. */
  readonly purpose: string;
}

/** The files that a description names besides its sources. */
export function* namedInputs({
  electrodes,
  specifications,
}: ResolvedDescription): Generator<Input> {
  if (specifications !== undefined) yield { path: specifications, purpose: 'the specifications' };
  if (electrodes !== undefined && 'csv' in electrodes)
    yield { path: electrodes.csv, purpose: 'the electrodes' };
}

/** The files of all sources. */
export function* sourceInputs(parts: readonly ProbedDataset[]): Generator<Input> {
  for (const { spec, probed } of parts) {
    if (probed.kind !== 'source') continue;
    for (const file of probed.info.files)
      yield { path: file.path, purpose: `the source of ${spec.path}` };
  }
}

/** @throws OutputError if writing this file would overwrite an input */
export function refuseInput(written: string, inputs: readonly Input[]): void {
  const status = statSync(written, { throwIfNoEntry: false });
  const input = status && inputs.find(({ path }) => isFileAt(status, path));
  if (input)
    throw new OutputError({
      path: written,
      problem: `writing ${written} would overwrite an input, ${input.purpose}`,
      remedy: 'choose another path',
    });
}

/** Compares identities, because links may give a file several paths. */
function isFileAt({ dev, ino }: Stats, path: string): boolean {
  const other = statSync(path, { throwIfNoEntry: false });
  return other !== undefined && other.dev === dev && other.ino === ino;
}
