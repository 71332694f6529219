import type { Description } from '../index.js';
import type { Manifest } from './manifest.js';
import { locate, type Places } from './manifest-problems.js';

/**
 * Puts the line of the manifest before warnings about a part of it. A warning begins with the path of what it is about:
 * a field of the session (`nwbfile.subject.species`), or a series or its dataset, as it is in the file
 * (`acquisition/AP`, `/acquisition/AP/data`).
 */
export function locateWarnings(
  warnings: readonly string[],
  manifest: Places & Pick<Manifest, 'description'>,
): string[] {
  return warnings.map((message) => {
    const path = placeOf(message, manifest.description);
    return path === undefined ? message : locate({ path, message }, manifest).message;
  });
}

function placeOf(warning: string, description: Description): string | undefined {
  const [field] = /^nwbfile(?:\.\w+)*/.exec(warning) ?? [];
  if (field !== undefined) return field;
  const series = description.acquisition ?? [];
  for (const [at, { name }] of series.entries()) {
    const rest = /^\/?acquisition\/(.*)$/s.exec(warning)?.[1];
    if (!rest?.startsWith(name)) continue;
    const [, key] = /^(?:\/(data|timestamps))?: /.exec(rest.slice(name.length)) ?? [];
    if (key !== undefined) return `acquisition[${at}].${key}`;
    if (rest.startsWith(`${name}: `)) return `acquisition[${at}]`;
  }
  return undefined;
}
