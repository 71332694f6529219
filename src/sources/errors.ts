/** What did not fit. */
export interface SourceErrorFields {
  /** The file at fault. */
  readonly path: string;
  readonly expected: string;
  readonly received: string;
  /** How the message names the file; default `in PATH`. */
  readonly where?: string;
}

/** A source that does not fit its description, or its files. */
export class SourceError extends Error {
  readonly tag = 'SourceError';
  readonly fields: SourceErrorFields;

  constructor(fields: SourceErrorFields, options?: ErrorOptions) {
    const where = fields.where ?? `in ${fields.path}`;
    super(`Expected ${fields.expected} ${where} but received ${fields.received}`, options);
    this.name = 'SourceError';
    this.fields = fields;
  }
}
