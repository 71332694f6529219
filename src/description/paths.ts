import { resolve } from 'node:path';
import { resolveSourcePaths } from '../sources/index.js';
import type { BulkData } from './bulk.js';
import type { FilledDescription } from './schema.js';

/** The same description with absolute paths; relative ones count from `baseDir`. */
export function resolvePaths(description: FilledDescription, baseDir: string): FilledDescription {
  const { electrodes, specifications } = description;
  const bulk = (data: BulkData): BulkData => ({
    ...data,
    source: resolveSourcePaths(data.source, baseDir),
  });
  return {
    ...description,
    path: resolve(baseDir, description.path),
    electrodes:
      electrodes && 'csv' in electrodes
        ? { ...electrodes, csv: resolve(baseDir, electrodes.csv) }
        : electrodes,
    specifications: specifications === undefined ? undefined : resolve(baseDir, specifications),
    acquisition: description.acquisition.map((series) => {
      const { data, timestamps } = series;
      return {
        ...series,
        data: 'source' in data ? bulk(data) : data,
        timestamps: timestamps && 'source' in timestamps ? bulk(timestamps) : timestamps,
      };
    }),
  };
}
