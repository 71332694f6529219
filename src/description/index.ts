/**
 * The user's description of the file to write: its schema, types and checks.
 *
 *     const description = resolvePaths(checkDescription(parseYaml(manifest)), manifestFolder);
 *     const loaded = await loadElectrodes(description); // reads the CSV file, if one is named
 *     for (const { label, data } of bulkData(loaded)) await probe(label, data);
 *     for (const line of descriptionWarnings(loaded, new Date())) console.warn(line);
 */

export { isBulk } from './bulk.js';
export { bulkData, type LabelledBulkData } from './bulk-data.js';
export { checkDescription } from './check.js';
export { checkStorage, type DataIOData, type DataIOOptions, dataIO } from './data-io.js';
export { REQUIRED_COLUMNS, STANDARD_COLUMNS } from './electrode-columns.js';
export type { Cell, ElectrodeRow } from './electrodes.js';
export { DescriptionError, type DescriptionErrorFields } from './errors.js';
export { checkFill } from './fill.js';
export type { NumberArray } from './inline.js';
export { loadElectrodes } from './load-electrodes.js';
export { type PlacedSource, placedSources, refuseModules } from './modules.js';
export { resolvePaths } from './paths.js';
export type {
  BulkData,
  InlineData,
  ResolvedDescription,
  ResolvedDevice,
  ResolvedElectrodeGroup,
  ResolvedNwbFile,
  ResolvedSeries,
  ResolvedSubject,
  Storage,
} from './resolved.js';
export type {
  BulkInput,
  Description,
  DeviceDescription,
  ElectricalSeriesDescription,
  ElectrodeGroupDescription,
  ElectrodeRowInput,
  ElectrodesCount,
  ElectrodesCsv,
  ElectrodesDescription,
  FillData,
  FillDescription,
  InlineInput,
  MemoryBulkInput,
  NwbFileDescription,
  SeriesDescription,
  SourceBulkInput,
  SourceTimestampsInput,
  StorageInput,
  SubjectDescription,
  TimeSeriesDescription,
} from './types.js';
export { descriptionWarnings } from './warnings.js';
