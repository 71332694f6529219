/** More levels than options have; those of a value that holds itself have no end. */
const MAX_LEVELS = 100;

/** Can a value be handed to other threads? Not a function, nor what holds one, or itself. */
export function isPlainData(value: unknown): boolean {
  const seen = new Set<unknown>();
  const within = new Set<unknown>();
  const isPlain = (one: unknown, level: number): boolean => {
    if (typeof one === 'function' || typeof one === 'symbol') return false;
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) return true;
    if (level > MAX_LEVELS) return false;
    // What was seen is plain, or is an outer level of its own: then it holds itself.
    if (seen.has(one)) return !within.has(one);
    seen.add(one);
    within.add(one);
    const plain = Object.values(one).every((item) => isPlain(item, level + 1));
    within.delete(one);
    return plain;
  };
  return isPlain(value, 1);
}
