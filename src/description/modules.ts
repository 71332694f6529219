import { modulesOf, type SourceSpec, withoutCode } from '../sources/index.js';
import { isBulk } from './bulk.js';
import { DescriptionError } from './errors.js';
import type { ResolvedDescription } from './resolved.js';
import { problemInWords, showPath } from './wording.js';

/** A source and its place in a description. */
export type PlacedSource = readonly [keys: readonly PropertyKey[], source: SourceSpec];

/** The sources of the description of a file. */
export function placedSources({ acquisition }: ResolvedDescription): PlacedSource[] {
  return acquisition.flatMap(({ data, timestamps }, at) =>
    Object.entries({ data, timestamps }).flatMap(([key, bulk]): PlacedSource[] =>
      bulk && isBulk(bulk) && 'source' in bulk
        ? [[['acquisition', at, key, 'source'], bulk.source]]
        : [],
    ),
  );
}

/** @throws DescriptionError if a source is a module or contains one */
export function refuseModules(sources: readonly PlacedSource[]): void {
  const problems = sources.flatMap(([place, source]) =>
    modulesOf(source).map(({ path, keys }) =>
      problemInWords(showPath([...place, ...keys]), withoutCode(), `the module ${path}`),
    ),
  );
  if (problems.length > 0) throw new DescriptionError({ problems });
}
