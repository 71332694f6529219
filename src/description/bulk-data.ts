import type { BulkData } from './bulk.js';
import type { FilledDescription } from './schema.js';

export interface LabelledBulkData {
  /** Path of the dataset without its leading slash, e.g. `acquisition/ElectricalSeriesAP/data`. */
  readonly label: string;
  readonly data: BulkData;
}

/** All bulk datasets of a description, in its order: those whose source has to be probed. */
export function bulkData(description: FilledDescription): LabelledBulkData[] {
  return description.acquisition.flatMap(({ name, data, timestamps }) => {
    const found: LabelledBulkData[] = [];
    if ('source' in data) found.push({ label: `acquisition/${name}/data`, data });
    if (timestamps && 'source' in timestamps) {
      found.push({ label: `acquisition/${name}/timestamps`, data: timestamps });
    }
    return found;
  });
}
