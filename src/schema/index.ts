/**
 * NWB's schema language: schemas as they are cached in files.
 *
 *     const specifications = await loadSpecifications('nwb-schema/core');
 *     specifications?.core.version;
 */
export { SchemaError, type SchemaErrorFields } from './errors.js';
export { loadSpecifications } from './from-file.js';
export {
  readSpecificationsFolder,
  type Specification,
  type Specifications,
} from './from-folder.js';
