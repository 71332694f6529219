import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import { nearest } from './nearest.js';

/** Forms of paths that lead nowhere because of what they are, and what messages say about them. */
const FORMS: readonly (readonly [form: RegExp, hint: string])[] = [
  [/\$\w|\$\{/, 'only a shell replaces $NAME: write the path itself'],
  [/(^|\/)[a-z]:\\/i, 'a path of Windows: under WSL, D:\\ is /mnt/d'],
  // resolve() has made one slash of two.
  [/(^|\/)(https?|s3|gs|ftp|smb):\//, 'only local files can be read and written'],
];

/** What was probably meant by a path that leads nowhere, for the end of a message; undefined if there is no clue. */
export function pathHint(path: string): string | undefined {
  const known = FORMS.find(([form]) => form.test(path));
  if (known) return known[1];
  const folder = dirname(path);
  if (!existsSync(folder)) return `folder ${folder} doesn't exist`;
  const name = basename(path);
  // A symbolic link that leads nowhere is itself among the names.
  const others = namesIn(folder).filter((one) => one !== name);
  const meant = similarName(name, others);
  return meant === undefined ? undefined : `did you mean ${meant}?`;
}

/** A name with the same extension whose rest is similar, or else a similar name. */
function similarName(name: string, names: readonly string[]): string | undefined {
  const ending = extname(name);
  const stem = (one: string) => basename(one, ending);
  const alike = names.filter((one) => extname(one) === ending);
  const meant = nearest(stem(name), alike.map(stem));
  if (meant !== undefined) return alike.find((one) => stem(one) === meant);
  const others = names.filter((one) => basename(one, extname(one)) === stem(name));
  return nearest(name, others);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
