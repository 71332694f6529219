/**
 * Files that any thread can read, described as plain data.
 *
 *     const spec = expandSource(resolveSourcePaths(source, folder));
 *     const source = await openSource(spec);
 *     const slab = { start: [0, 0], count: [30_000, source.info.shape[1]] };
 *     const pieces = await source.read(slab, new Uint8Array(source.scratchBytes(slab)));
 *     await source.close();
 */
export {
  type ChangedFile,
  changedFile,
  changedFiles,
  type FileChange,
  isSameFile,
} from './changed-files.js';
export { SourceError, type SourceErrorFields } from './errors.js';
export { expandSource, placeAsWritten, resolveSourcePaths } from './expand.js';
export type { ModuleContext, ModuleSource } from './formats/module.js';
export { modulesOf, withoutCode } from './modules.js';
export { openSource } from './open.js';
export { stampOf } from './reading/positional-read.js';
export type { ReadableSpec, ScalingSpec } from './scaling.js';
/** @internal */
export { scaleSchema, sourceSchema } from './schema.js';
export type {
  ConcatSpec,
  CsvEachSpec,
  CsvSpec,
  EachSpec,
  ModuleSpec,
  NpyEachSpec,
  NpySpec,
  RawEachSpec,
  RawSpec,
  SourceSpec,
  StackSpec,
} from './spec.js';
export {
  joinTimestamps,
  summarizeBytes,
  summarizeTimestamps,
  type TimestampSummary,
  timestampWarnings,
} from './timestamps.js';
export type { Piece, SourceFile, SourceInfo, SourceReader } from './types.js';
