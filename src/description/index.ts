/**
 * What a user says about the file to be: one schema, its types, its checks.
 *
 *     const description = resolvePaths(checkDescription(parseYaml(manifest)), manifestFolder);
 *     const loaded = await loadElectrodes(description); // rows of a CSV file
 *     for (const { label, data } of bulkData(loaded)) await probe(label, data);
 *     for (const line of descriptionWarnings(loaded, new Date())) console.warn(line);
 */

export { type BulkData, type BulkInput, isBulk } from './bulk.js';
export { bulkData, type LabelledBulkData } from './bulk-data.js';
export { checkDescription } from './check.js';
export { checkStorage, type DataIOData, type DataIOOptions, dataIO } from './data-io.js';
export type { Cell, ElectrodeRow } from './electrodes.js';
export { DescriptionError, type DescriptionErrorFields, type Problem } from './errors.js';
export { checkFill, type FillData, type FillDescription, fillSchema } from './fill.js';
export type { InlineData } from './inline.js';
export { loadElectrodes } from './load-electrodes.js';
export { type PlacedSource, placedSources, refuseModules } from './modules.js';
export { resolvePaths } from './paths.js';
export { type Description, descriptionSchema, type ResolvedDescription } from './schema.js';
export type { ResolvedSeries } from './series.js';
export type { Storage } from './storage.js';
export { descriptionWarnings } from './warnings.js';
