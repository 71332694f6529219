import type { Problem } from '../hyperslab-error.js';
import { shapeOf } from './inline.js';
import { oneOf } from './resolve-electrodes.js';
import type { ParsedDescription, ResolvedSeries } from './resolved.js';
import { problem } from './wording.js';

/** Checks devices, groups and series against each other: unique names, known names, one kind of time. */
export function objectProblems(description: ParsedDescription): Problem[] {
  const { devices, electrodeGroups, acquisition } = description;
  const known = devices.map(({ name }) => [name, name] as const);
  const unknown = electrodeGroups.flatMap(({ device }, index) =>
    devices.some(({ name }) => name === device)
      ? []
      : [problem(`electrodeGroups[${index}].device`, oneOf('a device', known), device)],
  );
  return [
    ...nameProblems('devices', devices, ['models']),
    ...nameProblems('electrodeGroups', electrodeGroups, ['electrodes']),
    ...nameProblems('acquisition', acquisition, []),
    ...unknown,
    ...acquisition.flatMap((series, index) => seriesProblems(series, `acquisition[${index}]`)),
    ...tableProblems(description),
  ];
}

/**
 * Names become HDF5 links, so they must be unique within their group.
 *
 * @param taken names that the NWB schema uses itself
 */
function nameProblems(
  list: string,
  objects: readonly { readonly name: string }[],
  taken: readonly string[],
): Problem[] {
  const seen = new Set(taken);
  return objects.flatMap(({ name }, index) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const expected = taken.includes(name)
      ? 'a name that the schema does not use itself'
      : `a name that no other of ${list} has`;
    return [problem(`${list}[${index}].name`, expected, name)];
  });
}

function seriesProblems(series: ResolvedSeries, path: string): Problem[] {
  const problems: Problem[] = [];
  const { rate, timestamps, startingTime, data } = series;
  const either = { path, message: `Expected either rate or timestamps for ${path} but received` };
  if (rate === undefined && timestamps === undefined) {
    problems.push({ ...either, message: `${either.message} neither` });
  } else if (rate !== undefined && timestamps !== undefined) {
    problems.push({ ...either, message: `${either.message} both` });
  } else if (rate === undefined && startingTime !== undefined) {
    const expected = 'no value (startingTime goes with rate, not with timestamps)';
    problems.push(problem(`${path}.startingTime`, expected, startingTime));
  }
  if ('values' in data) {
    const rank = shapeOf(data.values)?.length ?? 0;
    const most = series.type === 'ElectricalSeries' ? 3 : 4;
    if (rank > most) problems.push(problem(`${path}.data`, `at most ${most} axes`, rank));
  }
  return problems;
}

/** An ElectricalSeries refers to rows of the electrodes table, so it needs one. */
function tableProblems({ electrodes, acquisition }: ParsedDescription): Problem[] {
  if (electrodes !== undefined) return [];
  const index = acquisition.findIndex(({ type }) => type === 'ElectricalSeries');
  if (index < 0) return [];
  const expected = `the electrodes of acquisition[${index}] (an ElectricalSeries)`;
  return [problem('electrodes', expected, undefined)];
}
