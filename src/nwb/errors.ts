import { type ArgumentFields, HyperslabError } from '../hyperslab-error.js';
import { argumentMessage } from '../wording.js';

/**
 * The description does not match what the NWB schema, or the shapes of the sources, require. `name` is
 * the object, e.g. `acquisition/ElectricalSeriesAP/data`.
 */
export class NwbError extends HyperslabError<'NwbError', ArgumentFields> {
  constructor(fields: ArgumentFields, options?: ErrorOptions) {
    super('NwbError', argumentMessage(fields), fields, options);
  }
}
