import { excerpt } from '../wording.js';
import type { Problem } from './errors.js';

/** Characters of a path in a message: longer ones have keys that no one meant. */
const MAX_PATH = 400;

/** The one form of all messages. */
export function problem(path: string, expected: string, received: unknown): Problem {
  return problemInWords(path, expected, show(received));
}

/** The same, where it takes words to say what was received. */
export function problemInWords(path: string, expected: string, received: string): Problem {
  const where = path ? excerpt(path, MAX_PATH) : 'the description';
  const message = `Expected ${expected} for ${where} but received ${received}`;
  return { path, message };
}

/** `acquisition[0].data`. */
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

/** Can a manifest hold such a value? Lists and mappings count, whatever is in them. */
export function isPlain(value: unknown): boolean {
  if (typeof value === 'function') return false;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
  if (Symbol.iterator in value || Symbol.asyncIterator in value) return false;
  const prototype = Object.getPrototypeOf(value);
  // Not compared with Object.prototype: each realm has its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The class of an object, or what the language calls it (`Generator`). */
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
