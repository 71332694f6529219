import { isBulk } from './bulk.js';
import type { BulkData, ResolvedDescription } from './resolved.js';

export interface LabelledBulkData {
  /** Path of the dataset without its leading slash, e.g. `acquisition/ElectricalSeriesAP/data`. */
  readonly label: string;
  /** Its place in the description, e.g. `acquisition[0].data`. */
  readonly place: string;
  readonly data: BulkData;
}

/** All bulk datasets of a description, in order. Their data must be opened to learn dtype and shape. */
export function bulkData(description: ResolvedDescription): LabelledBulkData[] {
  return description.acquisition.flatMap(({ name, data, timestamps }, at) => {
    const found: LabelledBulkData[] = [];
    for (const [key, bulk] of Object.entries({ data, timestamps }))
      if (bulk && isBulk(bulk))
        found.push({
          label: `acquisition/${name}/${key}`,
          place: `acquisition[${at}].${key}`,
          data: bulk,
        });
    return found;
  });
}
