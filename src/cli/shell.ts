/** Characters that every POSIX shell takes as they are, wherever they stand in a word. */
const PLAIN = /^[\w./:@%+,-]+$/;

/**
 * A text as one word of a POSIX shell, which gives back the same text. Names with control characters are quoted
 * correctly, but a terminal can't show them: what is printed has escapes instead.
 */
export function quoted(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A path as one word of a POSIX shell. A path that begins with a dash would be taken for an option. */
export function quotedPath(path: string): string {
  return quoted(path.startsWith('-') ? `./${path}` : path);
}

/**
 * A command as messages print it, ready to be pasted: `hyperslab resume session.nwb --check`.
 *
 * @param path the argument; `MANIFEST` stands for a manifest that is not known
 * @param flags as they are typed, and paths that were quoted before
 */
export function command(name: string, path: string, ...flags: readonly string[]): string {
  return `\`${['hyperslab', name, quotedPath(path), ...flags].join(' ')}\``;
}
