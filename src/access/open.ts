import { resolve } from 'node:path';
import { File } from '../hdf5/index.js';
import { OptionError } from '../option-error.js';
import { OpenFile } from './file.js';
import { type AccessOptions, resolveAccess } from './options.js';
import { Session } from './session.js';

/** As h5py's: `r` reads, `r+` writes to a file that is there, `a` makes it where there is none. */
export type OpenMode = 'r' | 'r+' | 'a';

const MODES: readonly string[] = ['r', 'r+', 'a'] satisfies OpenMode[];

/**
 * Opens an NWB or HDF5 file, whoever made it, to read from its datasets and write into them on all
 * cores. Close it: what was written is complete only then.
 *
 * Whenever the process ends, or the system refuses a write, the file is as the last flush left it; or as the
 * flush that was interrupted would have, which opening the file here completes. Other programs do not know of
 * that, so open it here first. Two things are not covered: values of datasets that are not chunked, where
 * more than 64 MiB of them are overwritten between two flushes, are each the old or the new one; and nothing
 * is synced, so a power loss may damage what was written shortly before.
 *
 *     const file = await open('session.nwb', 'a');
 *     const data = file.dataset('/acquisition/ElectricalSeries/data');
 *     await data.resize([8, 10]);
 *     await data.write(slice(0, 3), 1);
 *     await file.close();
 *
 * @throws Hdf5Error where the file can't be opened, or is in use: one writes, or many read, also
 * within a process; and where an interrupted flush can't be completed
 * @throws OptionError for a mode or an option that can't be used
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
  const filled = resolveAccess(options);
  const file = new File(resolve(path), mode, { libver: filled.libver });
  return new OpenFile(new Session(file, mode !== 'r', filled));
}
