/** More levels than any options have; limits the recursion. */
const MAX_LEVELS = 100;

/** Whether a value can be sent to other threads: it contains no function, no symbol and not itself. */
export function isPlainData(value: unknown): boolean {
  const seen = new Set<unknown>();
  const outer = new Set<unknown>();
  const isPlain = (part: unknown, level: number): boolean => {
    if (typeof part === 'function' || typeof part === 'symbol') return false;
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return true;
    if (level > MAX_LEVELS) return false;
    // An object that was seen before is plain, unless it is on the path to this one: then it contains itself.
    if (seen.has(part)) return !outer.has(part);
    seen.add(part);
    outer.add(part);
    const plain = Object.values(part).every((item) => isPlain(item, level + 1));
    outer.delete(part);
    return plain;
  };
  return isPlain(value, 1);
}
