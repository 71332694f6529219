import { ChunkError, ClosedError, WriteError } from '../hdf5/codec-errors.js';
import { Hdf5Error } from '../hdf5/errors.js';
import { HyperslabError } from '../hyperslab-error.js';
import { BudgetError, LayoutError } from '../layout/errors.js';
import { OptionError } from '../option-error.js';
import { SourceError } from '../sources/errors.js';

/** An error as it crosses threads: structured clone would drop its class, name and fields. */
export interface WireError {
  /** The tag of an error of ours; undefined for others. */
  readonly tag: string | undefined;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: object;
  /** What caused it: the error of a user's module, with the stack that its author needs. */
  readonly cause?: WireError;
}

/** A class of ours can be rebuilt from its fields, from which it makes the message. */
type Rebuilt = new (fields: never, options?: ErrorOptions) => HyperslabError;

const CLASSES = new Map<string | undefined, Rebuilt>(
  [
    BudgetError,
    ChunkError,
    ClosedError,
    Hdf5Error,
    LayoutError,
    OptionError,
    SourceError,
    WriteError,
  ].map((type): [string, Rebuilt] => [type.name, type]),
);

/** Causes may form a circle. */
const MAX_CAUSES = 8;

export function toWire(error: unknown, depth = 0): WireError {
  if (!(error instanceof Error)) return wireOfValue(error);
  const { message, stack, name } = error;
  const isOurs = error instanceof HyperslabError && CLASSES.has(error.tag);
  return {
    tag: isOurs ? error.tag : undefined,
    name: String(name),
    message,
    stack,
    fields: isOurs ? error.fields : plainFields(error),
    ...(error.cause !== undefined &&
      depth < MAX_CAUSES && { cause: toWire(error.cause, depth + 1) }),
  };
}

function wireOfValue(thrown: unknown): WireError {
  return {
    tag: undefined,
    name: 'Error',
    message: String(thrown),
    stack: undefined,
    fields: {},
  };
}

/** Errors of others may hold what can't be sent: functions, sockets, … */
function plainFields(error: Error): object {
  const plain = ['string', 'number', 'bigint', 'boolean'];
  return Object.fromEntries(
    Object.entries(error).filter(([, value]) => plain.includes(typeof value)),
  );
}

/** The error again, of its own class where it is one of ours, with the stack of its thread. */
export function fromWire({ tag, name, message, stack, fields, cause }: WireError): Error {
  const options = cause && { cause: fromWire(cause) };
  const type = CLASSES.get(tag);
  const error = type
    ? new type(fields as never, options)
    : Object.assign(new Error(message, options), fields, { name });
  if (stack) error.stack = stack;
  return error;
}
