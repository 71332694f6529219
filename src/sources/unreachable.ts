import { pathHint } from '../path-hint.js';
import { reason } from '../wording.js';
import { SourceError } from './errors.js';

/** What messages say for the error codes of the system; nothing for a path that leads nowhere. */
const REASONS: Readonly<Record<string, string | undefined>> = {
  ELOOP: 'symbolic links that form a loop',
  ENAMETOOLONG: 'a name that is too long',
  EACCES: 'no permission to look there',
};
const NOWHERE = new Set(['ENOENT', 'ENOTDIR']);

/**
 * The error for a file or folder that can't be reached.
 *
 * @param kind of what is expected: `file`
 * @param cause the system's error
 * @param hint what was probably meant by a path that leads nowhere
 */
export function unreachable(
  path: string,
  kind: 'file' | 'folder',
  cause: unknown,
  hint: (path: string) => string | undefined = pathHint,
): SourceError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  const isNowhere = NOWHERE.has(code);
  const received = isNowhere ? `nothing: no such ${kind}` : (REASONS[code] ?? reason(cause));
  const where = `at ${path}`;
  const fields = {
    path,
    expected: `a ${kind}`,
    where,
    received,
    hint: isNowhere ? hint(path) : undefined,
  };
  return new SourceError(fields, { cause });
}
