import type { Problem } from '../hyperslab-error.js';
import { columnDescriptionProblems } from './column-descriptions.js';
import { DescriptionError } from './errors.js';
import { knownKeys, problemsOf } from './issues.js';
import { withTimeOfBirth } from './nwbfile.js';
import { resolveRows, rowsOfCount } from './resolve-electrodes.js';
import type { ParsedDescription, ResolvedDescription } from './resolved.js';
import { descriptionSchema } from './schema.js';
import { objectProblems } from './series-checks.js';
import { sessionProblems } from './session-checks.js';

/**
 * Checks a description and sets its defaults: first each field by itself, then, if all fields are valid,
 * how they relate to each other. Checks that need the sources follow when the tree is built.
 *
 * The result is itself a valid input.
 *
 * @throws {DescriptionError} with every problem of the stage that failed
 */
export function checkDescription(input: unknown): ResolvedDescription {
  const parsed = descriptionSchema.safeParse(input, { error: knownKeys, reportInput: true });
  if (!parsed.success) throw new DescriptionError({ problems: problemsOf(parsed.error.issues) });
  const description = parsed.data;
  const problems = [...sessionProblems(description), ...objectProblems(description)];
  const electrodes = resolvedElectrodes(description, problems);
  if (electrodes === undefined || !('csv' in electrodes))
    problems.push(...columnDescriptionProblems(description.electrodeColumns, electrodes ?? []));
  if (problems.length > 0) throw new DescriptionError({ problems });
  return { ...description, nwbfile: withTimeOfBirth(description.nwbfile), electrodes };
}

function resolvedElectrodes(
  { electrodes, electrodeGroups }: ParsedDescription,
  problems: Problem[],
): ResolvedDescription['electrodes'] {
  if (electrodes === undefined) return undefined;
  const rowName = (index: number) => `electrodes[${index}]`;
  if (Array.isArray(electrodes)) {
    return resolveRows(electrodes, {}, electrodeGroups, problems, 'electrodes', rowName);
  }
  if ('csv' in electrodes) return electrodes;
  const earlier = problems.length;
  const rows = rowsOfCount(electrodes, problems);
  const resolved = resolveRows(
    rows,
    {},
    electrodeGroups,
    problems,
    'electrodes',
    () => 'electrodes',
  );
  // Identical rows have identical problems, which are reported once.
  const seen = new Set<string>();
  const unique = problems.splice(earlier).filter(({ message }) => {
    const isNew = !seen.has(message);
    seen.add(message);
    return isNew;
  });
  problems.push(...unique);
  return resolved;
}
