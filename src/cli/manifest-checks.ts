import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';

/** What messages say of nesting, whoever finds it out. */
export const TOO_DEEP = 'Expected at most 100 levels of lists and mappings but received more';
/** More levels than any description has, few enough for whoever walks down them. */
const MAX_LEVELS = 100;

/** What is wrong with a document that YAML itself allows, and where, in characters. */
export interface DocumentProblem {
  readonly message: string;
  readonly offset: number;
}

/**
 * The first thing in a document that would be read otherwise than its author meant, or not at all:
 * a key that is there twice, a number with more digits than a float64 keeps or with leading zeros, an alias
 * within what it stands for, lists in lists without end.
 *
 * The parser's own check of keys compares each with each: too slow for a few thousand of them.
 */
export function documentProblem(document: Document): DocumentProblem | undefined {
  return document.contents ? new Walk().node(document.contents, 1).problem : undefined;
}

interface Walked {
  readonly problem?: DocumentProblem;
  /** Levels of lists and mappings from the node down, those that aliases stand for included. */
  readonly levels: number;
}

/** Depth first, in the order of the text: an anchor is known before its aliases. */
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
    // Without levels until all that is in it has been seen: so aliases of it are known to be in it.
    if (node.anchor) this.#anchors.set(node.anchor, node);
    const problem = isMap(node) ? keyProblem(node.items.map(({ key }) => key)) : undefined;
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
    // One that stands for nothing is refused when the document becomes values.
    if (!target) return { levels: 0 };
    const levels = this.#levels.get(target);
    if (levels === undefined)
      return refuse(node, 'Expected an alias to something else but received one to what it is in');
    return level + levels > MAX_LEVELS + 1 ? tooDeep(node) : { levels };
  }
}

function keyProblem(keys: readonly unknown[]): DocumentProblem | undefined {
  const seen = new Set<unknown>();
  for (const key of keys) {
    if (!isScalar(key) || key.value === '<<') continue;
    // No plain object has it, so that it would be lost.
    if (key.value === '__proto__')
      return { message: "Unknown key '__proto__'", offset: offsetOf(key) };
    if (seen.has(key.value)) return { message: 'Map keys must be unique', offset: offsetOf(key) };
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
      'Expected a number without leading zeros (or a text, in quotes) but received one',
    );
  if (!isAltered(value, source)) return {};
  return refuse(node, 'Expected a number that float64 can hold but received one that it can not');
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
