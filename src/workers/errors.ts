import { ChunkError, ClosedError, WriteError } from '../hdf5/codec-errors.js';
import { Hdf5Error } from '../hdf5/errors.js';
import { HyperslabError } from '../hyperslab-error.js';
import { BudgetError, LayoutError } from '../layout/errors.js';
import { OptionError } from '../option-error.js';
import { SourceError } from '../sources/errors.js';

/** An error as plain data: structured clone would drop its class, name and fields. */
export interface WireError {
  /** The tag of a HyperslabError; undefined for other errors. */
  readonly tag: string | undefined;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: object;
  /** The cause, e.g. an error of a user's module with the stack that the author of the module needs. */
  readonly cause?: WireError;
}

/** A HyperslabError can be rebuilt from its fields, because its class makes the message from them. */
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

/** Limits the depth, because causes can form a loop. */
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

/** Other errors can have properties that can't be sent, such as functions and sockets; only primitives are kept. */
function plainFields(error: Error): object {
  const plain = ['string', 'number', 'bigint', 'boolean'];
  return Object.fromEntries(
    Object.entries(error).filter(([, value]) => plain.includes(typeof value)),
  );
}

/** Rebuilds an error with the stack of its thread; a HyperslabError gets its own class. */
export function fromWire({ tag, name, message, stack, fields, cause }: WireError): Error {
  const options = cause && { cause: fromWire(cause) };
  const type = CLASSES.get(tag);
  const error = type
    ? new type(fields as never, options)
    : Object.assign(new Error(message, options), fields, { name });
  if (stack) error.stack = stack;
  return error;
}
