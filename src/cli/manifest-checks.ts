import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
} from 'yaml';

/** Shared by this check and the parser's own limit. */
export const TOO_DEEP = 'Expected at most 100 levels of lists and mappings but received more';
/** More levels than any description needs, and few enough for recursion. */
const MAX_LEVELS = 100;

/** A problem of a document that is valid YAML. `offset` counts characters. */
export interface DocumentProblem {
  readonly message: string;
  readonly offset: number;
}

/**
 * The first part of a document that YAML allows but that would not be read as its author meant: a
 * duplicate key, a key in braces without a value, a number with leading zeros or more digits than float64 holds, an alias inside its own
 * anchor, nesting without end.
 *
 * The parser's own check for duplicate keys is quadratic, too slow for a few thousand keys.
 */
export function documentProblem(document: Document): DocumentProblem | undefined {
  return document.contents ? new Walk().node(document.contents, 1).problem : undefined;
}

interface Walked {
  readonly problem?: DocumentProblem;
  /** Levels of lists and mappings below the node, including those behind aliases. */
  readonly levels: number;
}

/** Walks depth first in text order, so that an anchor is known before its aliases. */
class Walk {
  readonly #anchors = new Map<string, Node>();
  readonly #levels = new Map<Node, number>();

  node(node: unknown, level: number): Walked {
    if (isAlias(node)) return this.#alias(node, level);
    if (isScalar(node)) {
      if (node.anchor) this.#known(node.anchor, node, 0);
      return { levels: 0, ...numberProblem(node) };
    }
    if (!isMap(node) && !isSeq(node)) return { levels: 0 };
    if (level > MAX_LEVELS) return tooDeep(node);
    // The levels are set after the children, so that an alias without levels is inside its own anchor.
    if (node.anchor) this.#anchors.set(node.anchor, node);
    const problem = isMap(node) ? keyProblem(node.items) : undefined;
    if (problem) return { levels: 0, problem };
    const children = isMap(node) ? node.items.map(({ value }) => value) : node.items;
    let levels = 0;
    for (const child of children) {
      const walked = this.node(child, level + 1);
      if (walked.problem) return walked;
      levels = Math.max(levels, walked.levels);
    }
    this.#levels.set(node, levels + 1);
    return { levels: levels + 1 };
  }

  #known(anchor: string, node: Node, levels: number): void {
    this.#anchors.set(anchor, node);
    this.#levels.set(node, levels);
  }

  #alias(node: Node & { readonly source: string }, level: number): Walked {
    const target = this.#anchors.get(node.source);
    // An alias without an anchor is refused when the document is converted to values.
    if (!target) return { levels: 0 };
    const levels = this.#levels.get(target);
    if (levels === undefined)
      return refuse(
        node,
        'Expected an alias to another node but received an alias to a node that contains it',
      );
    return level + levels > MAX_LEVELS + 1 ? tooDeep(node) : { levels };
  }
}

function keyProblem(pairs: readonly Pair[]): DocumentProblem | undefined {
  const seen = new Set<unknown>();
  for (const { key, value } of pairs) {
    if (!isScalar(key) || key.value === '<<') continue;
    // In braces, `gain: 1,5` is the key `gain` and a key `5` without a colon.
    if (value === null)
      return {
        message: `Expected 'key: value' but received a key without a value${/^\d/.test(String(key.value)) ? ' (write a decimal point, not a comma)' : ''}`,
        offset: offsetOf(key),
      };
    // A plain object cannot hold this key: the entry would be lost.
    if (key.value === '__proto__')
      return { message: "Unknown key '__proto__'", offset: offsetOf(key) };
    if (seen.has(key.value))
      return { message: 'Expected each key once but received it again', offset: offsetOf(key) };
    seen.add(key.value);
  }
  return undefined;
}

const INTEGER = /^([-+]?\d+|0[xo][\da-f]+)$/i;
const LEADING_ZERO = /^[-+]?0\d/;

function numberProblem(node: Scalar): { problem?: DocumentProblem } {
  const { value, source } = node;
  if (typeof value !== 'number' || source === undefined) return {};
  if (LEADING_ZERO.test(source))
    return refuse(
      node,
      'Expected a number without leading zeros but received one with them (put it in quotes if it is a text)',
    );
  if (!isAltered(value, source)) return {};
  return refuse(
    node,
    `Expected a number that float64 can represent but received one that would be read as ${value}`,
  );
}

function isAltered(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return /\d/.test(source);
  if (value === 0) return !/^0[xo]/.test(source) && /[1-9]/.test(source.split(/e/i)[0]);
  return !Number.isSafeInteger(value) && INTEGER.test(source) && BigInt(source) !== BigInt(value);
}

function tooDeep(node: Node): Walked {
  return refuse(node, TOO_DEEP);
}

function refuse(node: Node, message: string): Walked {
  return { levels: 0, problem: { message, offset: offsetOf(node) } };
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
