/** A list or an object whose end has not been written yet. */
interface Open {
  readonly end: ']' | '}';
  readonly entries: Iterator<readonly [name: string, value: unknown]>;
  isEmpty: boolean;
}

/**
 * The text that `JSON.stringify(value, …, 2)` gives, without recursion: groups of an HDF5 file may be
 * nested deeper than the stack allows. 64-bit integers, NaN and the infinities, which JSON lacks, become
 * strings.
 */
export function jsonText(value: unknown): string {
  const parts: string[] = [];
  const opened: Open[] = [];
  const put = (one: unknown) => {
    const leaf = leafText(one);
    if (leaf !== undefined) return parts.push(leaf);
    const end = Array.isArray(one) ? ']' : '}';
    parts.push(end === ']' ? '[' : '{');
    return opened.push({ end, entries: entriesOf(one as object), isEmpty: true });
  };
  put(value);
  for (let top = opened.at(-1); top; top = opened.at(-1)) {
    const { done, value: entry } = top.entries.next();
    if (done) {
      opened.pop();
      parts.push(top.isEmpty ? top.end : `\n${'  '.repeat(opened.length)}${top.end}`);
      continue;
    }
    const name = top.end === '}' ? `${JSON.stringify(entry[0])}: ` : '';
    parts.push(`${top.isEmpty ? '' : ','}\n${'  '.repeat(opened.length)}${name}`);
    top.isEmpty = false;
    put(entry[1]);
  }
  return parts.join('');
}

/** The text of a primitive; undefined for a list or an object. */
function leafText(value: unknown): string | undefined {
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return undefined;
}

/** Leaves out the entries that JSON.stringify leaves out of objects. */
function entriesOf(value: object): Iterator<readonly [string, unknown]> {
  const entries = Object.entries(value);
  if (Array.isArray(value)) return entries.values();
  return entries.filter(([, one]) => one !== undefined && typeof one !== 'function').values();
}
