import type { Problem } from '../hyperslab-error.js';
import { excerpt } from '../wording.js';

/** Longest path in a message, in characters. Longer ones come from keys that were never meant. */
const MAX_PATH = 400;

/** A problem in the form that all messages share. */
export function problem(path: string, expected: string, received: unknown): Problem {
  return problemInWords(path, expected, show(received));
}

/** Like {@link problem}, with the received value already in words. */
export function problemInWords(path: string, expected: string, received: string): Problem {
  const where = path ? excerpt(path, MAX_PATH) : 'the description';
  const message = `Expected ${expected} for ${where} but received ${received}`;
  return { path, message };
}

/** A path as in `acquisition[0].data`. */
export function showPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

/** A value in a few words. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') {
    return `'${excerpt(value)}'`;
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Date) return 'a Date (write the time as text: a Date keeps no zone)';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object') return isPlain(value) ? 'a mapping' : withArticle(kindOf(value));
  return String(value);
}

/** Whether a manifest can hold such a value. Lists and mappings count, whatever they contain. */
export function isPlain(value: unknown): boolean {
  if (typeof value === 'function') return false;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
  if (Symbol.iterator in value || Symbol.asyncIterator in value) return false;
  const prototype = Object.getPrototypeOf(value);
  // Not compared with Object.prototype: each realm has its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The name of an object's class, or else its built-in tag (`Generator`). */
function kindOf(value: object): string {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  const isNamed = typeof value.constructor === 'function' && value.constructor.name !== '';
  return isNamed ? value.constructor.name : tag;
}

function withArticle(noun: string): string {
  return `${/^[AEIO]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** `a, b or c`. */
export function either(choices: readonly string[]): string {
  if (choices.length < 2) return choices.join('');
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}
