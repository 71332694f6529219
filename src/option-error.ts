import { type ArgumentFields, HyperslabError } from './hyperslab-error.js';
import { nearest } from './nearest.js';
import { optionName } from './surface.js';
import { argumentMessage, excerpt } from './wording.js';

/** An option that the function does not have. */
export interface UnknownOptionFields {
  readonly name: string;
  /** The options that the function has. */
  readonly known: readonly string[];
}

/** An option or an argument of a function that can't be used. */
export class OptionError extends HyperslabError<
  'OptionError',
  ArgumentFields | UnknownOptionFields
> {
  constructor(fields: ArgumentFields | UnknownOptionFields, options?: ErrorOptions) {
    const message =
      'known' in fields
        ? unknownOption(fields)
        : argumentMessage({ ...fields, name: optionName(fields.name) });
    super('OptionError', message, fields, options);
  }
}

function unknownOption({ name, known }: UnknownOptionFields): string {
  const meant = nearest(name, known);
  const remedy = meant ? `did you mean '${meant}'?` : `the options are ${known.join(', ')}`;
  return `Unknown option '${excerpt(name)}'; ${remedy}`;
}

/**
 * The names of all options in `Options`: the compiler asks for each of them, and for no other.
 *
 *     const NAMES = optionNames<ResumeOptions>({ workers: 1, memory: 1 });
 */
export function optionNames<Options extends object>(
  names: Readonly<Record<keyof Options, 1>>,
): readonly string[] {
  return Object.keys(names);
}

/** @throws OptionError if `options` is not an object, or has an option that is not in `known` */
export function requireKnown(
  options: object,
  known: readonly string[],
  name = 'the options',
): void {
  if (typeof options !== 'object' || options === null)
    throw new OptionError({
      name,
      expected: 'an object',
      received: options === null ? 'null' : typeof options,
    });
  for (const option of Object.keys(options))
    if (!known.includes(option)) throw new OptionError({ name: option, known });
}
