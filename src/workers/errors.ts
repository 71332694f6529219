import { ChunkError, ClosedError, WriteError } from '../hdf5/codec-errors.js';
import { Hdf5Error } from '../hdf5/errors.js';
import { SourceError } from '../sources/errors.js';

/** An error as it crosses threads: structured clone would drop its class, name and fields. */
export interface WireError {
  readonly tag: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What caused it: the error of a user's module, with the stack that its author needs. */
  readonly cause?: WireError;
}

const CLASSES = new Map<string, { readonly prototype: Error }>(
  [ChunkError, ClosedError, Hdf5Error, SourceError, WriteError].map((type) => [type.name, type]),
);

/** Causes may form a circle. */
const MAX_CAUSES = 8;

export function toWire(error: unknown, depth = 0): WireError {
  if (!(error instanceof Error))
    return { tag: 'Error', message: String(error), stack: undefined, fields: {} };
  const { tag = error.name, cause: _, ...fields } = { ...error } as Record<string, unknown>;
  return {
    tag: String(tag),
    message: error.message,
    stack: error.stack,
    // Errors of others may hold what can't be sent: functions, sockets, …
    fields: CLASSES.has(String(tag)) ? fields : plainFields(fields),
    ...(error.cause !== undefined &&
      depth < MAX_CAUSES && { cause: toWire(error.cause, depth + 1) }),
  };
}

function plainFields(fields: Record<string, unknown>): Record<string, unknown> {
  const plain = ['string', 'number', 'bigint', 'boolean'];
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => plain.includes(typeof value)),
  );
}

/** The error again, of its own class where it is one of ours, with the stack of its thread. */
export function fromWire(wire: WireError): Error {
  const error = new Error(wire.message, wire.cause && { cause: fromWire(wire.cause) });
  const known = CLASSES.get(wire.tag);
  if (known) Object.setPrototypeOf(error, known.prototype);
  Object.assign(error, { tag: wire.tag, ...wire.fields, name: wire.tag });
  if (wire.stack) error.stack = wire.stack;
  return error;
}
