/**
 * The user's description of the file to write: its schema, types and checks.
 *
 *     const description = resolvePaths(checkDescription(parseYaml(manifest)), manifestFolder);
 *     const loaded = await loadElectrodes(description); // reads the CSV file, if one is named
 *     for (const { label, data } of bulkData(loaded)) await probe(label, data);
 *     for (const line of descriptionWarnings(loaded, new Date())) console.warn(line);
 */

export { type BulkData, type BulkInput, isBulk } from './bulk.js';
export { bulkData, type LabelledBulkData } from './bulk-data.js';
export { checkDescription } from './check.js';
export { checkStorage, type DataIOData, type DataIOOptions, dataIO } from './data-io.js';
export type { ResolvedDevice, ResolvedElectrodeGroup } from './devices.js';
export { REQUIRED_COLUMNS, STANDARD_COLUMNS } from './electrode-columns.js';
export type { Cell, ElectrodeRow } from './electrodes.js';
export { DescriptionError, type DescriptionErrorFields } from './errors.js';
export { checkFill, type FillData, type FillDescription, fillSchema } from './fill.js';
export type { InlineData, NumberArray } from './inline.js';
export { loadElectrodes } from './load-electrodes.js';
export { type PlacedSource, placedSources, refuseModules } from './modules.js';
export type { ResolvedNwbFile, ResolvedSubject } from './nwbfile.js';
export { resolvePaths } from './paths.js';
export { type Description, descriptionSchema, type ResolvedDescription } from './schema.js';
export type { ResolvedSeries } from './series.js';
export type { Storage } from './storage.js';
export { descriptionWarnings } from './warnings.js';
