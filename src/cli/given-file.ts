import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LAB_FORMATS, type LabFormat, PLAIN_SAMPLES, ZARR } from './lab-formats.js';

/** What a path on the command line leads to. */
export type Given =
  /** `file` is set for a folder that holds the format: the path of the file that shows it. */
  | { readonly kind: 'lab'; readonly format: LabFormat; readonly file?: string }
  | { readonly kind: 'hdf5' | 'journal' | 'partial' | 'text' | 'folder' | 'other' };

/** Bytes that are enough to recognise a file by. */
export const HEAD = 4096;
const HDF5 = '\x89HDF\r\n\x1a\n';
const JOURNAL = /^(hyperslab journal|unbegun hyperslab)\n/;
/** Where HDF5 allows its signature, within the bytes that are read: behind a user block of 512 bytes or more. */
const SIGNATURES = [0, 512, 1024, 2048];

/** Files of a folder that are looked at: a recording shows its format in the first few. */
const MAX_ENTRIES = 500;
const MAX_LEVELS = 4;

/** Recognises a file or a folder that exists, by its name or its first bytes. */
export function recognise(path: string): Given {
  const status = statSync(path);
  if (status.isDirectory()) return recogniseFolder(path);
  // Reading a pipe that nobody writes to would wait forever.
  if (!status.isFile()) return { kind: 'other' };
  const head = headOf(path);
  if (JOURNAL.test(head)) return { kind: 'journal' };
  // A partial file without a journal may be anybody's.
  if (path.endsWith('.partial') && existsSync(path.replace(/\.partial$/, '.journal')))
    return { kind: 'partial' };
  const isManifest = isManifestName(path);
  const format =
    LAB_FORMATS.find(({ magic }) => magic?.some((begin) => head.startsWith(begin))) ??
    (isManifest ? undefined : LAB_FORMATS.find(({ name }) => name.test(basename(path))));
  if (format) return { kind: 'lab', format };
  if (hasSignature(head)) return { kind: 'hdf5' };
  if (PLAIN_SAMPLES.name.test(path)) return { kind: 'lab', format: PLAIN_SAMPLES };
  return { kind: head.includes('\0') ? 'other' : 'text' };
}

/** Whether a file is HDF5, whatever format is made of it: files of MATLAB and of 3Brain are, too. */
export function isHdf5(path: string): boolean {
  return hasSignature(headOf(path));
}

/** Whether the first bytes of a file, as latin-1, are those of HDF5. */
export function hasSignature(head: string): boolean {
  return SIGNATURES.some((at) => head.startsWith(HDF5, at));
}

/** Whether a path is named like a manifest. */
export function isManifestName(path: string): boolean {
  return /\.(ya?ml|json)$/i.test(path);
}

/** The first bytes of a file as latin-1; empty if it can't be read. */
function headOf(path: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const head = Buffer.alloc(HEAD);
    return head.toString('latin1', 0, readSync(descriptor, head, 0, HEAD, 0));
  } catch {
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Searches a folder by names, level by level. */
function recogniseFolder(folder: string): Given {
  let level = [folder];
  let left = MAX_ENTRIES;
  for (let depth = 0; depth < MAX_LEVELS && left > 0; depth++) {
    const below: string[] = [];
    for (const place of level) {
      for (const entry of entriesOf(place, left)) {
        left--;
        const file = join(place, entry.name);
        if (entry.isDirectory()) below.push(file);
        const format = [ZARR, ...LAB_FORMATS].find(({ name }) => name.test(entry.name));
        if (format && entry.isFile()) return { kind: 'lab', format, file };
      }
    }
    level = below;
  }
  return { kind: 'folder' };
}

function entriesOf(folder: string, most: number) {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, Math.max(0, most));
  } catch {
    return [];
  }
}
