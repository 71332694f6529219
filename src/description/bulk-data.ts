import { isBulk } from './bulk.js';
import type { BulkData, ResolvedDescription } from './resolved.js';

export interface LabelledBulkData {
  /** Path of the dataset without its leading slash, e.g. `acquisition/ElectricalSeriesAP/data`. */
  readonly label: string;
  readonly data: BulkData;
}

/** All bulk datasets of a description, in order. Their data must be opened to learn dtype and shape. */
export function bulkData(description: ResolvedDescription): LabelledBulkData[] {
  return description.acquisition.flatMap(({ name, data, timestamps }) => {
    const found: LabelledBulkData[] = [];
    if (isBulk(data)) found.push({ label: `acquisition/${name}/data`, data });
    if (timestamps && isBulk(timestamps)) {
      found.push({ label: `acquisition/${name}/timestamps`, data: timestamps });
    }
    return found;
  });
}
