import { columnDescriptionProblems } from './column-descriptions.js';
import { DescriptionError, type Problem } from './errors.js';
import { fillRows, rowsOfCount } from './fill-electrodes.js';
import { knownKeys, problemsOf } from './issues.js';
import { descriptionSchema, type ParsedDescription, type ResolvedDescription } from './schema.js';
import { objectProblems } from './series-checks.js';
import { sessionProblems } from './session-checks.js';

/**
 * Checks a description and fills in its defaults. First its form, field by field; only when that is
 * right, what fields say of one another. What needs the sources is checked when the tree is built.
 *
 * Takes its own result again.
 *
 * @throws {DescriptionError} with every problem of the stage that failed
 */
export function checkDescription(input: unknown): ResolvedDescription {
  const parsed = descriptionSchema.safeParse(input, { error: knownKeys, reportInput: true });
  if (!parsed.success) throw new DescriptionError({ problems: problemsOf(parsed.error.issues) });
  const description = parsed.data;
  const problems = [...sessionProblems(description), ...objectProblems(description)];
  const electrodes = filledElectrodes(description, problems);
  if (electrodes === undefined || !('csv' in electrodes))
    problems.push(...columnDescriptionProblems(description.electrodeColumns, electrodes ?? []));
  if (problems.length > 0) throw new DescriptionError({ problems });
  return { ...description, electrodes };
}

function filledElectrodes(
  { electrodes, electrodeGroups }: ParsedDescription,
  problems: Problem[],
): ResolvedDescription['electrodes'] {
  if (electrodes === undefined) return undefined;
  const rowName = (index: number) => `electrodes[${index}]`;
  if (Array.isArray(electrodes)) {
    return fillRows(electrodes, {}, electrodeGroups, problems, 'electrodes', rowName);
  }
  if ('csv' in electrodes) return electrodes;
  const known = problems.length;
  const rows = rowsOfCount(electrodes, problems);
  const filled = fillRows(rows, {}, electrodeGroups, problems, 'electrodes', () => 'electrodes');
  // Rows that are alike have the same problem: say it once.
  const seen = new Set<string>();
  const unique = problems.splice(known).filter(({ message }) => {
    const isNew = !seen.has(message);
    seen.add(message);
    return isNew;
  });
  problems.push(...unique);
  return filled;
}
