import { Hdf5Error } from '../hdf5/index.js';
import { SourceError } from '../sources/errors.js';

/** An error as it crosses threads: structured clone would drop its class, name and fields. */
export interface WireError {
  readonly tag: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

const CLASSES: Readonly<Record<string, { readonly prototype: Error }>> = {
  Hdf5Error: Hdf5Error as unknown as { prototype: Error },
  SourceError: SourceError as unknown as { prototype: Error },
};

export function toWire(error: unknown): WireError {
  if (!(error instanceof Error))
    return { tag: 'Error', message: String(error), stack: undefined, fields: {} };
  const { tag = error.name, ...fields } = { ...error } as Record<string, unknown>;
  delete fields.cause;
  return { tag: String(tag), message: error.message, stack: error.stack, fields };
}

/** The error again, of its own class where it is one of ours, with the stack of its thread. */
export function fromWire(wire: WireError): Error {
  const error = new Error(wire.message);
  const known = CLASSES[wire.tag];
  if (known) Object.setPrototypeOf(error, known.prototype);
  Object.assign(error, { tag: wire.tag, ...wire.fields, name: wire.tag });
  if (wire.stack) error.stack = wire.stack;
  return error;
}
