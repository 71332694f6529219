import { HyperslabError } from '../hyperslab-error.js';
import { argumentMessage } from '../wording.js';

/** The file and the property of it that can't be used. */
export interface SourceErrorFields {
  /** The file at fault. */
  readonly path: string;
  readonly expected: string;
  readonly received: string;
  /** How the message names the file. Default: `in PATH` */
  readonly where?: string;
  /** Whether the file is not what it was when the work was planned. Default: false */
  readonly hasChanged?: boolean;
  /** What to do instead. */
  readonly hint?: string;
}

/** A source does not match its description, or its files can't be read. */
export class SourceError extends HyperslabError<'SourceError', SourceErrorFields> {
  constructor(fields: SourceErrorFields, options?: ErrorOptions) {
    const { path, where = `in ${path}` } = fields;
    super('SourceError', argumentMessage({ ...fields, name: path }, where), fields, options);
  }
}
