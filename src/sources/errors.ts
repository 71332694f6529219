import { HyperslabError } from '../hyperslab-error.js';
import { argumentMessage } from '../wording.js';

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
export class SourceError extends HyperslabError<'SourceError', SourceErrorFields> {
  constructor(fields: SourceErrorFields, options?: ErrorOptions) {
    const { path, where = `in ${path}` } = fields;
    super('SourceError', argumentMessage({ ...fields, name: path }, where), fields, options);
  }
}
