import { DataWriter } from '../../streams/index.js';

/** Depth at which a description may hold a DataWriter: its list, a series, the data, and data with options. */
const DEPTH = 4;

/**
 * Rejects the pushes of all DataWriters in a description. If a conversion fails before it reads from them, programs
 * that push data would otherwise wait forever.
 *
 * @param input a description as the user gave it, checked or not
 * @param error what the promises of the pushes reject with, unless the DataWriter has ended already
 */
export function rejectWriters(input: unknown, error: unknown): void {
  for (const writer of writersIn(input, DEPTH)) writer.reject(error);
}

function* writersIn(value: unknown, depth: number): Generator<DataWriter> {
  if (value instanceof DataWriter) yield value;
  // Instances of classes are left alone, because reading their properties may have effects.
  else if (depth > 0 && isPlain(value))
    for (const inner of Object.values(value)) yield* writersIn(inner, depth - 1);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));
}
