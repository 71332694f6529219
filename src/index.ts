/**
 * hyperslab: large recordings into NWB (HDF5) files, on all cores.
 *
 *     import { convert } from 'hyperslab';
 *
 *     const report = await convert(
 *       { path: 'session.nwb', nwbfile, acquisition: [{ type: 'ElectricalSeries', … }] },
 *       { workers: 8, onProgress: ({ bytesRead, bytesPlanned }) => … },
 *     );
 */
export * from './coordinator/index.js';
export {
  type Description,
  DescriptionError,
  descriptionSchema,
  type Problem,
} from './description/index.js';
export { Hdf5Error, libraryVersion } from './hdf5/index.js';
export {
  BudgetError,
  type DType,
  formatBytes,
  type ItemArray,
  LayoutError,
} from './layout/index.js';
export { NwbError } from './nwb/index.js';
export { type ModuleSource, SourceError, type SourceSpec } from './sources/index.js';
export { version } from './version.js';
