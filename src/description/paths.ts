import { resolvePath } from '../home-path.js';
import { resolveSourcePaths, type SourceSpec } from '../sources/index.js';
import type { ResolvedDescription } from './resolved.js';

/** The same description with absolute paths; relative ones count from `baseDir`. */
export function resolvePaths(
  description: ResolvedDescription,
  baseDir: string,
): ResolvedDescription {
  const { electrodes, specifications } = description;
  const resolved = <T extends { source: SourceSpec }>(data: T): T => ({
    ...data,
    source: resolveSourcePaths(data.source, baseDir),
  });
  return {
    ...description,
    path: resolvePath(baseDir, description.path),
    electrodes:
      electrodes && 'csv' in electrodes
        ? { ...electrodes, csv: resolvePath(baseDir, electrodes.csv) }
        : electrodes,
    specifications: specifications === undefined ? undefined : resolvePath(baseDir, specifications),
    acquisition: description.acquisition.map((series) => {
      const { data, timestamps } = series;
      return {
        ...series,
        data: 'source' in data ? resolved(data) : data,
        timestamps: timestamps && 'source' in timestamps ? resolved(timestamps) : timestamps,
      };
    }),
  };
}
