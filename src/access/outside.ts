import type { File, Group } from '../hdf5/index.js';

/**
 * Whether a path that leads to something has an external link on its way, be it by soft links. The
 * chunks of such a dataset lie in the other file: workers would look for them, and write them, in
 * this one.
 */
export function leadsOutside(file: File, path: string, from: Group = file): boolean {
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
