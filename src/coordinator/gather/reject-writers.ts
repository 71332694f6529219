import { DataWriter } from '../../streams/index.js';

/** Of a description: its list, a series, its data, and what is wrapped in options. */
const DEPTH = 4;

/**
 * Tells all DataWriters of a description that nothing is taken of them any more: a conversion that
 * fails before it comes to them would leave those who push waiting.
 *
 * @param input as it was given, checked or not
 * @param error with which what was pushed is rejected; of a DataWriter that was told before, nothing
 * changes
 */
export function rejectWriters(input: unknown, error: unknown): void {
  for (const writer of writersIn(input, DEPTH)) writer.abandon(error);
}

function* writersIn(value: unknown, depth: number): Generator<DataWriter> {
  if (value instanceof DataWriter) yield value;
  // Not into instances of classes: nothing is asked of them that they don't expect.
  else if (depth > 0 && isPlain(value))
    for (const inner of Object.values(value)) yield* writersIn(inner, depth - 1);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));
}
