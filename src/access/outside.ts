import type { Dataset, File, Group } from '../hdf5/index.js';
import { LayoutError } from '../layout/index.js';

/**
 * Opens a dataset whose values lie in this very file.
 *
 * @throws Hdf5Error where there is none, LayoutError where it is in another file
 */
export function openInside(file: File, path: string): Dataset {
  const dataset = file.dataset(path);
  if (!leadsOutside(file, path)) return dataset;
  dataset.close();
  throw new LayoutError({
    name: path,
    expected: `a dataset of ${file.filename}`,
    received: 'one of another file, by an external link',
  });
}

/**
 * Whether a path that leads to something has an external link on its way, be it by soft links. The
 * chunks of such a dataset lie in the other file: workers would look for them, and write them, in
 * this one.
 */
function leadsOutside(file: File, path: string, from: Group = file): boolean {
  const [name, ...rest] = path.split('/').filter((step) => step !== '' && step !== '.');
  if (name === undefined) return false;
  const onwards = rest.join('/');
  const link = from.links().find((one) => one.name === name);
  if (link?.kind === 'external') return true;
  if (link?.target !== undefined) {
    const target = `${link.target}/${onwards}`;
    return leadsOutside(file, target, target.startsWith('/') ? file : from);
  }
  if (onwards === '') return false;
  using next = from.group(name);
  return leadsOutside(file, onwards, next);
}
