/**
 * Checksums of a file's stored chunks, which the file contains below `/hyperslab/checksums`.
 *
 *     writeChecksums(file, { path, chunk, extent, filters }, numbers, checksums);
 *     using stored = openChecksums(file, path);
 *     for (const { numbers, checksums } of stored.rows()) compare(numbers, checksums);
 *     const keeper = new ChecksumKeeper(file, dataset, filters, checksumPathsOf(file, dataset));
 */
export { ChecksumKeeper } from './checksum-keeper.js';
export {
  checksumPathsOf,
  listChecksums,
  openAt,
  openChecksums,
  readMissing,
  writeChecksums,
  writeMissing,
} from './checksums.js';
export { ChecksumError } from './errors.js';
export { type ChecksumsOf, KEPT_BITS, StoredChecksums } from './stored-checksums.js';
