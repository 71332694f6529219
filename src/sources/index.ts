/**
 * Where bytes come from: described as plain data, read in any thread.
 *
 *     const spec = expandSource(resolveSourcePaths(sourceSchema.parse(data), folder));
 *     const source = await openSource(spec);
 *     const slab = { start: [0, 0], count: [30_000, source.info.shape[1]] };
 *     const pieces = await source.read(slab, new Uint8Array(source.scratchBytes(slab)));
 *     await source.close();
 */
export { SourceError, type SourceErrorFields } from './errors.js';
export { expandSource, resolveSourcePaths } from './expand.js';
export type { ModuleSource } from './module.js';
export { openSource } from './open.js';
export { type SourceSpec, sourceSchema } from './schema.js';
export type { Piece, SourceFile, SourceInfo, SourceReader } from './types.js';
