import { HyperslabError, type StateFields } from '../hyperslab-error.js';
import { stateMessage } from '../wording.js';

/** A file has no checksums, or the checksums of a dataset are damaged. */
export class ChecksumError extends HyperslabError<'ChecksumError', StateFields> {
  constructor(fields: StateFields, options?: ErrorOptions) {
    super('ChecksumError', stateMessage(fields), fields, options);
  }
}
