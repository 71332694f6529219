import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { File, library, ROOT } from '../built.js';
import { contentsDifference, contentsOf } from '../contents.js';
import { type Compression, describe } from '../recording.js';
import type { OnRecord } from './left.js';

const PYTHON = join(ROOT, '.venv/bin/python');

/** What a file must be like after its conversion was interrupted and resumed. */
export interface ExpectedStored {
  /** Path of a file that was converted from the same recording without interruption. */
  readonly reference: string;
  /** The chunks that were on record before the file was completed. */
  readonly chunks: ReadonlyMap<string, OnRecord>;
}

export interface Expected extends ExpectedStored {
  readonly compression: Compression;
  /** Folder of the sources. */
  readonly recording: string;
}

/**
 * Does what `checkStored` does, and compares all values with the sources.
 *
 * @throws Error that describes the first difference
 */
export async function checkFile(path: string, expected: Expected): Promise<void> {
  await checkStored(path, expected);
  const { compression, recording } = expected;
  const own = { ...describe(compression), path };
  const values = await library.verify(path, own, { baseDir: recording, workers: 2 });
  refuse(values.datasets.find(({ equal }) => !equal));
}

/**
 * Compares a file with the reference: everything small, and the checksums of all chunks. Then compares the chunks
 * with these checksums.
 *
 * @throws Error that describes the first difference
 */
export async function checkStored(
  path: string,
  { reference, chunks }: ExpectedStored,
): Promise<void> {
  const left = readdirSync(dirname(path)).filter((name) => name !== basename(path));
  if (left.length > 0) throw new Error(`${left.join(', ')} beside ${path}`);
  const difference = contentsDifference(contentsOf(reference), contentsOf(path));
  if (difference) throw new Error(difference);
  const stored = await library.verify(path, undefined, { workers: 1 });
  refuse(stored.datasets.find(({ equal }) => !equal));
  checkPlaces(path, chunks);
}

function refuse(found: { path: string; problem?: string } | undefined): void {
  if (found) throw new Error(`${found.path}: ${found.problem}`);
}

/** @throws Error if a chunk that was on record lies elsewhere in the file */
function checkPlaces(path: string, chunks: ReadonlyMap<string, OnRecord>): void {
  using file = new File(path, 'r');
  const located = new Map<string, Float64Array>();
  for (const [name, { address, storedBytes }] of chunks) {
    const [dataset, number] = name.split('#');
    let places = located.get(dataset);
    if (!places) {
      using opened = file.dataset(dataset);
      const { shape } = opened;
      places = opened.locate(
        shape.map(() => 0),
        shape,
      );
      located.set(dataset, places);
    }
    const at = 3 * Number(number);
    // The address is -1 for a chunk that is not stored.
    if (places[at] !== address || places[at + 1] !== storedBytes)
      throw new Error(
        `${name} lies at ${places[at]}, ${places[at + 1]} bytes, but was written at ${address}, ${storedBytes} bytes`,
      );
  }
}

const isInstalled = (program: string): boolean =>
  spawnSync(program, ['--version']).error === undefined;

/** Names of the other readers that are not installed. */
export function missingReaders(): string[] {
  return [...(isInstalled('h5diff') ? [] : ['h5diff']), ...(existsSync(PYTHON) ? [] : ['h5py'])];
}

/** Differences that h5diff finds between any two conversions of the same sources. */
const OWN = /^(attribute: <object_id of |dataset: <\/file_create_date> )/;

/** Compares two files with h5diff. @throws Error with the first difference */
export function checkWithH5diff(reference: string, path: string): void {
  const { stdout, stderr, status } = spawnSync('h5diff', [reference, path], { encoding: 'utf8' });
  if (status === null || status > 1) throw new Error(`h5diff: ${stderr || stdout}`);
  const found = stdout
    .split('\n')
    .find((line) => /^(attribute|dataset|group|link|type):? /.test(line) && !OWN.test(line));
  if (found) throw new Error(`h5diff: ${found}`);
}

/** A Python program that compares a file, read by h5py, with its sources, read by numpy. */
const READ = `
import sys, h5py, numpy as np
folder, path = sys.argv[1:]
with h5py.File(path) as file:
    def equal(name, values):
        found = file['acquisition/' + name][()]
        assert found.dtype == values.dtype and found.shape == values.shape, name
        assert found.tobytes() == np.ascontiguousarray(values).tobytes(), name
    equal('ap/data', np.fromfile(folder + '/ap.bin', 'i2').reshape(-1, 65)[:, :64])
    equal('ap/timestamps', np.fromfile(folder + '/times.bin', 'f8'))
    equal('stacked/data', np.stack([np.fromfile(f'{folder}/ch{c}.bin', 'u2') for c in range(8)], 1))
    equal('sparse/data', np.fromfile(folder + '/sparse.bin', 'f8').reshape(-1, 32))
`;

/** Compares all values with h5py. @throws Error with what Python printed */
export function checkWithH5py(recording: string, path: string): void {
  execFileSync(PYTHON, ['-c', READ, recording, path], { stdio: ['ignore', 'ignore', 'pipe'] });
}
