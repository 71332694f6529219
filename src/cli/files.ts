import { existsSync, readdirSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { outputFiles } from '../index.js';
import { pathHint } from '../path-hint.js';
import { UsageError } from './errors.js';
import { type Given, isHdf5, isManifestName, recognise } from './given-file.js';
import { command } from './shell.js';

/**
 * @param path of a file named on the command line
 * @param forManifest what to do if it is a manifest: `hyperslab plan session.yaml shows what it describes`
 * @returns the size of the file in bytes
 * @throws UsageError where the file does not exist, or is recognised as something other than an HDF5 file
 */
export function requireHdf5(path: string, forManifest: string): number {
  const received = (what: string): never => {
    throw new UsageError({
      path,
      problem: `Expected an HDF5 file at ${path} but received ${what}`,
    });
  };
  const status = statusOf(path);
  const given = recognise(path);
  const unfinished = unfinishedText(path, given);
  if (unfinished) return received(unfinished);
  if (status.isFile() && isHdf5(path)) return status.size;
  if (given.kind === 'lab') return received(labText(given));
  if (given.kind === 'folder') return received('a folder');
  // Opening a pipe that nobody writes to would wait forever.
  if (!status.isFile()) return received('something other than a file');
  if (given.kind === 'text' && isManifestName(path)) return received(`a manifest; ${forManifest}`);
  return status.size;
}

/**
 * @param path of a file named on the command line
 * @param what the file should be
 * @returns the size of the file in bytes
 * @throws UsageError where the file does not exist or is not a regular file
 */
export function requireFile(path: string, what: string): number {
  const status = statusOf(path);
  // Opening a pipe that nobody writes to would wait forever.
  if (status.isFile()) return status.size;
  const received = status.isDirectory() ? 'a folder' : 'something other than a file';
  throw new UsageError({ path, problem: `Expected ${what} at ${path} but received ${received}` });
}

/** @throws UsageError where the file does not exist */
function statusOf(path: string): Stats {
  // Not statSync with throwIfNoEntry: false, which throws where a parent is a file.
  if (existsSync(path)) return statSync(path);
  throw new UsageError({ path, problem: missingText(path) });
}

/** What a path leads to that should be a manifest, and what to do with it; undefined if it may be one. */
export function insteadOfManifest(path: string): string | undefined {
  const given = recognise(path);
  if (given.kind === 'lab') return labText(given);
  if (given.kind === 'hdf5')
    return `${/\.nwb(\.h5)?$/i.test(path) ? 'an NWB file' : 'an HDF5 file'}; ${command('inspect', path)} shows what it holds, and ${command('verify', path)} checks it`;
  return unfinishedText(path, given);
}

function missingText(path: string): string {
  const file = resolve(path);
  const unfinished = `; its conversion is unfinished: ${command('resume', path)} finishes it`;
  if (existsSync(outputFiles(file).journal))
    return `${path} cannot be read: no such file${unfinished}`;
  const hint = pathHint(file);
  return `${path} cannot be read: no such file${hint ? ` (${hint})` : ''}`;
}

/** Manifests that a message names. */
const SHOWN = 5;

/** The manifests in a folder, for the end of a message; empty if there are none. */
export function manifestsIn(folder: string): string {
  if (!existsSync(folder)) return '';
  const names = readdirSync(folder).filter(isManifestName).sort();
  const more = names.length > SHOWN ? ', …' : '';
  return names.length === 0 ? '' : ` (manifests there: ${names.slice(0, SHOWN).join(', ')}${more})`;
}

function labText({ format, file }: Extract<Given, { kind: 'lab' }>): string {
  const { what, advice } = format;
  return `${file === undefined ? what : `a folder with ${file}, ${what}`}; ${advice}`;
}

function unfinishedText(path: string, { kind }: Given): string | undefined {
  if (kind !== 'journal' && kind !== 'partial') return undefined;
  const what = kind === 'journal' ? 'the journal of an unfinished file' : 'an unfinished file';
  return `${what}; if its conversion is not under way, ${command('resume', outputFiles(path).path)} finishes it`;
}
