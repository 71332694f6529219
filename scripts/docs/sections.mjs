// The objects in the zod schemas, and their names in the types and on the pages.
import { alternatives, variantOf } from './schema-types.mjs';

/** Type, heading and short name by the place of an object in the schema; every object needs them. */
const NAMES = {
  convert: ['Description', 'Manifest of convert', 'manifest'],
  'convert.nwbfile': ['NwbFileDescription', 'nwbfile', 'session'],
  'convert.nwbfile.subject': ['SubjectDescription', 'nwbfile.subject', 'subject'],
  'convert.devices': ['DeviceDescription', 'devices', 'devices'],
  'convert.electrodeGroups': ['ElectrodeGroupDescription', 'electrodeGroups', 'groups'],
  'convert.electrodes:count': [
    'ElectrodesCount',
    'electrodes: identical electrodes',
    'identical electrodes',
  ],
  'convert.electrodes:group': ['ElectrodeRowInput', 'electrodes: a list of rows', 'rows'],
  'convert.electrodes:csv': ['ElectrodesCsv', 'electrodes: a CSV file', 'CSV file'],
  'convert.acquisition:TimeSeries': [
    'TimeSeriesDescription',
    'acquisition: TimeSeries',
    'TimeSeries',
  ],
  'convert.acquisition:ElectricalSeries': [
    'ElectricalSeriesDescription',
    'acquisition: ElectricalSeries',
    'ElectricalSeries',
  ],
  'convert.acquisition.data:source': ['SourceBulkInput', 'Bulk datasets', 'bulk dataset'],
  'convert.acquisition.timestamps:source': [
    'SourceTimestampsInput',
    'Timestamps from a source',
    'source of timestamps',
  ],
  'convert.acquisition.data:data': ['MemoryBulkInput', 'Data from memory', 'data from memory'],
  'convert.acquisition.data:values': ['InlineInput', 'Numbers in place', 'numbers with a type'],
  'convert.acquisition.data.source:raw': ['RawSpec', 'Source: raw', 'raw'],
  'convert.acquisition.data.source:npy': ['NpySpec', 'Source: npy', 'npy'],
  'convert.acquisition.data.source:csv': ['CsvSpec', 'Source: csv', 'csv'],
  'convert.acquisition.data.source:concat': ['ConcatSpec', 'Source: concat', 'concat'],
  'convert.acquisition.data.source:stack': ['StackSpec', 'Source: stack', 'stack'],
  'convert.acquisition.data.source:module': ['ModuleSpec', 'Source: module', 'module'],
  'convert.acquisition.data.source.each:raw': ['RawEachSpec', 'each: raw', 'raw'],
  'convert.acquisition.data.source.each:npy': ['NpyEachSpec', 'each: npy', 'npy'],
  'convert.acquisition.data.source.each:csv': ['CsvEachSpec', 'each: csv', 'csv'],
  fill: ['FillDescription', 'Manifest of fill', 'manifest'],
};

/**
 * All objects of the two schemas, outermost first, each one once.
 *
 * @param convert the schema of a description
 * @param fill the schema of what `fill` takes
 * @param withPrograms whether to include objects that only a program can give
 * @returns names by object
 * @throws Error for an object without names
 */
export function sectionsOf(convert, fill, withPrograms = false) {
  const sections = new Map();
  collect(convert, 'convert', sections, withPrograms);
  collect(fill, 'fill', sections, withPrograms);
  return sections;
}

function collect(schema, place, sections, withPrograms) {
  const next = [];
  const objects = objectsIn(schema, withPrograms);
  for (const object of objects) {
    if (sections.has(object)) continue;
    const variant = objects.length > 1 || NAMES[place] === undefined ? `:${variantOf(object)}` : '';
    const [type, heading, name] = NAMES[`${place}${variant}`] ?? [];
    if (type === undefined)
      throw new Error(`Expected names in scripts/docs/sections.mjs for ${place}${variant}`);
    sections.set(object, { type, heading, name, place });
    for (const [key, value] of Object.entries(object._zod.def.shape)) next.push([value, key]);
  }
  // A source within a source is one of the same objects.
  for (const [value, key] of next) collect(value, `${place}.${key}`, sections, withPrograms);
}

function objectsIn(schema, withPrograms) {
  return alternatives(schema, withPrograms).flatMap((one) => {
    const { def } = one._zod;
    if (def.type === 'object') return [one];
    const inner = { array: def.element, record: def.valueType }[def.type];
    return inner ? objectsIn(inner, withPrograms) : [];
  });
}
