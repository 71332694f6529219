import { resolve } from 'node:path';
import { File } from '../hdf5/index.js';
import { OptionError } from '../option-error.js';
import { OpenFile } from './file.js';
import { type AccessOptions, resolveAccess } from './options.js';
import { Session } from './session.js';

/** As in h5py: `r` reads, `r+` reads and writes an existing file, and `a` creates the file if it does not exist. */
export type OpenMode = 'r' | 'r+' | 'a';

const MODES: readonly string[] = ['r', 'r+', 'a'] satisfies OpenMode[];

/**
 * Opens an NWB or HDF5 file, which any program may have made, to read and write its datasets on all cores. Close
 * the file at the end: only then is it complete.
 *
 * If the process ends early or the system refuses a write, the file stays as the last flush left it. If a flush was
 * interrupted, the next `open` completes it; other programs can't do so, so open the file here first. There are two
 * exceptions. If more than 64 MiB of values are overwritten between two flushes in datasets that are not chunked, each
 * of these values may be the old or the new one. And nothing is synced to disk, so a power loss may damage recent
 * writes.
 *
 *     const file = await open('session.nwb', 'a');
 *     const data = file.dataset('/acquisition/ElectricalSeries/data');
 *     await data.resize([8, 10]);
 *     await data.write(slice(0, 3), 1);
 *     await file.close();
 *
 * @throws Hdf5Error if the file can't be opened, an interrupted flush can't be completed, or the file is in use: it can
 * be open once for writing or several times for reading, also within a process
 * @throws OptionError if the path, the mode or an option is invalid
 */
export async function open(
  path: string,
  mode: OpenMode = 'r',
  options: AccessOptions = {},
): Promise<OpenFile> {
  if (typeof path !== 'string' || path === '')
    throw new OptionError({
      name: 'path',
      expected: 'the path of a file',
      received: typeof path === 'string' ? 'an empty text' : typeof path,
    });
  if (!MODES.includes(mode))
    throw new OptionError({
      name: 'mode',
      expected: `one of ${MODES.map((one) => `'${one}'`).join(', ')}`,
      received: `'${mode}'`,
    });
  const resolved = resolveAccess(options);
  const file = new File(resolve(path), mode, { libver: resolved.libver });
  return new OpenFile(new Session(file, mode !== 'r', resolved));
}
