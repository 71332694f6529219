/**
 * The base class of all errors that hyperslab throws on purpose. `tag` and `name` are the name of the
 * class, `fields` are plain data that the message is made from, and `cause` is the error below it.
 */
export abstract class HyperslabError<
  Tag extends string = string,
  Fields extends object = object,
> extends Error {
  readonly tag: Tag;
  readonly fields: Readonly<Fields>;
  /**
   * Path in the description of what the error is about, such as `acquisition[0].data.source`. Undefined if the error
   * is not about a part of a description.
   */
  declare place?: string;

  protected constructor(tag: Tag, message: string, fields: Fields, options?: ErrorOptions) {
    super(message, options);
    this.name = tag;
    this.tag = tag;
    this.fields = fields;
  }
}

/**
 * Does work on a part of a description. An error that it throws is about that part, or a part of it.
 *
 * @param key of the part in what is around it: `data`, `acquisition[0]`
 */
export function within<T>(key: string, work: () => T): T {
  let result: T;
  try {
    result = work();
  } catch (error) {
    throw placed(error, key);
  }
  if (!(result instanceof Promise)) return result;
  return result.catch((error: unknown) => {
    throw placed(error, key);
  }) as T;
}

function placed(error: unknown, key: string): unknown {
  if (error instanceof HyperslabError)
    error.place = error.place === undefined ? key : `${key}.${error.place}`;
  return error;
}

/** An argument or a value that can't be used. */
export interface ArgumentFields {
  /** Names the dataset, option or argument. */
  readonly name: string;
  readonly expected: string;
  readonly received: string;
  /** What to do instead. */
  readonly hint?: string;
}

/** A state, usually of a file, in which the request can't be carried out. */
export interface StateFields {
  readonly path: string;
  /** Describes the state, and names the path. */
  readonly problem: string;
  /** How to resolve it. */
  readonly remedy?: string;
}

/** One thing that is wrong with a description, or that keeps a conversion from being resumed. */
export interface Problem {
  /** Path of the field, e.g. `acquisition[0].data`; empty for the description or the conversion as a whole. */
  readonly path: string;
  /** One complete line, including the path. */
  readonly message: string;
  /** The number, true or false that was received where a text is expected, as the message shows it. */
  readonly unquoted?: string;
}
