import { inspect } from 'node:util';

/** What did not fit. */
export interface DataErrorFields {
  /** The data at fault, or the option. */
  readonly name: string;
  readonly expected: string;
  readonly received: string;
}

/** Data handed over in memory, by an array or an iterator, that can't be used. */
export class DataError extends Error {
  readonly tag = 'DataError';
  readonly fields: DataErrorFields;

  constructor(fields: DataErrorFields, options?: ErrorOptions) {
    super(
      `Expected ${fields.expected} for ${fields.name} but received ${fields.received}`,
      options,
    );
    this.name = 'DataError';
    this.fields = fields;
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
