import { inspect } from 'node:util';
import { type ArgumentFields, HyperslabError } from '../../hyperslab-error.js';
import { argumentMessage } from '../../wording.js';

/** Data handed over in memory, by an array or an iterator, that can't be used. */
export class DataError extends HyperslabError<'DataError', ArgumentFields> {
  constructor(fields: ArgumentFields, options?: ErrorOptions) {
    super('DataError', argumentMessage(fields), fields, options);
  }
}

/** A shape as messages give it; a scalar has none. */
export function showShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single number' : `shape [${shape.join(', ')}]`;
}

/** Any value in a few words: a primitive as it is, an object by its class. */
export function showValue(value: unknown): string {
  if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
    return Object.prototype.toString.call(value).slice(8, -1);
  }
  return inspect(typeof value === 'string' ? value.slice(0, 40) : value);
}
