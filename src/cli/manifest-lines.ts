import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';

/** Where a value is in a document. */
interface Found {
  /** In characters; undefined for the document as a whole. */
  readonly offset: number | undefined;
  /** The value; undefined if it is missing, and the offset that of the nearest node around it. */
  readonly node: unknown;
}

/**
 * The position of a value in the text of a document, in characters. For a missing value, the position
 * of the nearest node around it that exists.
 *
 * @param path as in `Problem.path`: `acquisition[0].data`
 * @returns undefined for the document as a whole
 */
export function offsetOf(document: Document, path: string): number | undefined {
  return find(document, path).offset;
}

/** A number, or true or false, as it is written in a document; undefined for other values. */
export function sourceOf(document: Document, path: string): string | undefined {
  const { node } = find(document, path);
  return isScalar(node) && typeof node.value !== 'string' ? node.source : undefined;
}

function find(document: Document, path: string): Found {
  const resolved = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const [key] of path.matchAll(/[^.[\]]+/g)) {
    const next = step(resolved(node), key);
    if (!next) return { offset, node: undefined };
    offset = next.offset ?? offset;
    node = next.node;
  }
  return { offset, node: resolved(node) };
}

/** The child of a mapping or a list under a key. */
function step(node: unknown, key: string): { node: unknown; offset?: number } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(key)] as Node | undefined;
    return item && { node: item, ...(item.range && { offset: item.range[0] }) };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key: name }) => isScalar(name) && String(name.value) === key);
  if (!pair) return undefined;
  // The key's position, because a mapping below it begins on the next line.
  const range = isScalar(pair.key) ? pair.key.range : undefined;
  return { node: pair.value, ...(range && { offset: range[0] }) };
}
