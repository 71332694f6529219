import { summarizeTimestamps, timestampWarnings } from '../sources/index.js';
import { isBulk } from './bulk.js';
import { shapeOf } from './inline.js';
import type { BulkData, InlineData, ResolvedDescription, ResolvedSeries } from './resolved.js';

/** Type and shape of data. An iterator also has a `maxshape`; its `shape` is only the initial one. */
interface BulkShape {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly maxshape?: readonly (number | null)[] | undefined;
}

/**
 * Warns, one line each, of values that are allowed but most likely a mistake, and of missing fields that
 * archives require. The rules are those of NWB Inspector. Bulk data are checked only if `infos` has them.
 */
export function descriptionWarnings(
  description: ResolvedDescription,
  now: Date,
  infos: ReadonlyMap<BulkData, BulkShape> = new Map(),
): string[] {
  return [
    ...pathWarnings(description.path),
    ...sessionWarnings(description.nwbfile, now),
    ...subjectWarnings(description.nwbfile.subject),
    ...description.acquisition.flatMap(timeWarnings),
    ...description.acquisition.flatMap(factorWarnings),
    ...description.acquisition.flatMap((series) => {
      const { data } = series;
      const info = isBulk(data) ? infos.get(data) : inlineInfo(data);
      return info ? [...shapeWarnings(series, info), ...unitWarnings(series, info)] : [];
    }),
  ];
}

function pathWarnings(path: string): string[] {
  return /\.nwb(\.h5)?$/.test(path) ? [] : [`path '${path}' does not end in .nwb`];
}

function sessionWarnings(nwbfile: ResolvedDescription['nwbfile'], now: Date): string[] {
  const warnings: string[] = [];
  const start = nwbfile.sessionStartTime;
  if (Date.parse(start) > now.getTime()) {
    warnings.push(`nwbfile.sessionStartTime ${start} is in the future`);
  } else if (Date.parse(start) < Date.UTC(1980, 0, 1)) {
    warnings.push(`nwbfile.sessionStartTime ${start} is before 1980`);
  }
  const { timestampsReferenceTime, subject } = nwbfile;
  const times = {
    sessionStartTime: start,
    timestampsReferenceTime,
    'subject.dateOfBirth': subject?.dateOfBirth,
  };
  for (const [name, time] of Object.entries(times)) {
    if (time === undefined || !/\.\d{7}/.test(time)) continue;
    warnings.push(`nwbfile.${name} ${time} is finer than the microseconds that PyNWB reads`);
  }
  if (nwbfile.sessionId?.includes('/')) warnings.push('nwbfile.sessionId has a slash');
  for (const name of nwbfile.experimenter ?? []) {
    if (/^[\p{L}\p{M}\d_\s\-.']+,\s+[\p{L}\p{M}\d_\s\-.']+$/u.test(name)) continue;
    warnings.push(`nwbfile.experimenter '${name}' is not of the form 'Last, First'`);
  }
  return warnings;
}

function subjectWarnings(subject: ResolvedDescription['nwbfile']['subject']): string[] {
  if (!subject) return ['nwbfile.subject is missing'];
  const warnings: string[] = [];
  const { subjectId, species, sex, age, dateOfBirth, weight } = subject;
  for (const [name, value] of Object.entries({ subjectId, species, sex })) {
    if (value === undefined) warnings.push(`nwbfile.subject.${name} is missing`);
  }
  if (age === undefined && dateOfBirth === undefined) {
    warnings.push('nwbfile.subject has neither age nor dateOfBirth');
  }
  if (subjectId?.includes('/')) warnings.push('nwbfile.subject.subjectId has a slash');
  const latin = /^([A-Z][a-z]* [a-z]+|http:\/\/purl\.obolibrary\.org\/obo\/NCBITaxon_\d+)$/;
  if (species !== undefined && !latin.test(species)) {
    warnings.push(
      `nwbfile.subject.species '${species}' is not a Latin binomial such as 'Mus musculus'`,
    );
  }
  if (weight !== undefined && !/^\d+(\.\d+)? (kg|g|mg|ug|μg|ng|pg)$/i.test(weight)) {
    warnings.push(`nwbfile.subject.weight '${weight}' is not an amount and a unit such as '23 g'`);
  }
  return warnings;
}

function timeWarnings({ name, rate, startingTime = 0, timestamps }: ResolvedSeries): string[] {
  const warnings: string[] = [];
  const where = `acquisition/${name}`;
  if (rate !== undefined && rate < 0.01) warnings.push(`${where}: rate ${rate} Hz is very low`);
  if (startingTime < 0) warnings.push(`${where}: startingTime ${startingTime} is negative`);
  if (Array.isArray(timestamps)) {
    const { length } = timestamps;
    const summary = summarizeTimestamps(timestamps, 0);
    // Named by their path in the file, as in the warnings about timestamps that are written.
    warnings.push(...timestampWarnings(`/${where}/timestamps`, length, summary));
  }
  return warnings;
}

function factorWarnings(series: ResolvedSeries): string[] {
  if (series.type !== 'ElectricalSeries') return [];
  const channel = series.channelConversion?.indexOf(0) ?? -1;
  if (channel < 0) return [];
  return [
    `acquisition/${series.name}: channelConversion[${channel}] is 0, which makes all values of the channel 0`,
  ];
}

function inlineInfo({ values, dtype }: InlineData): BulkShape {
  return { dtype, shape: shapeOf(values) ?? [] };
}

function shapeWarnings({ name }: ResolvedSeries, { shape, maxshape }: BulkShape): string[] {
  // The final lengths are not known yet.
  if (maxshape?.some((most, axis) => most !== shape[axis])) return [];
  const where = `acquisition/${name}`;
  const [samples, ...others] = shape;
  if (shape.includes(0)) return [`${where}: data are empty`];
  if (!others.some((length) => length > samples)) return [];
  return [`${where}: data are ${shape.join(' x ')}, but time should be axis 0 and longest`];
}

function unitWarnings(series: ResolvedSeries, { dtype }: BulkShape): string[] {
  if (series.type !== 'ElectricalSeries' || !dtype.includes('int')) return [];
  const { name, conversion, offset, channelConversion = [] } = series;
  const scaled = conversion !== 1 || offset !== 0 || channelConversion.some((f) => f !== 1);
  return scaled ? [] : [`acquisition/${name}: ${dtype} data in volts with conversion 1`];
}
