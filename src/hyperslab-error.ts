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

  protected constructor(tag: Tag, message: string, fields: Fields, options?: ErrorOptions) {
    super(message, options);
    this.name = tag;
    this.tag = tag;
    this.fields = fields;
  }
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
}
