import { HyperslabError } from '../hyperslab-error.js';
import { argumentMessage } from '../wording.js';

export interface SchemaErrorFields {
  /** The folder or file that was read. */
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

/** The schemas that a file is to hold can't be loaded. */
export class SchemaError extends HyperslabError<'SchemaError', SchemaErrorFields> {
  constructor(fields: SchemaErrorFields, options?: ErrorOptions) {
    const name = `specifications in ${fields.path}`;
    super('SchemaError', argumentMessage({ ...fields, name }), fields, options);
  }
}
