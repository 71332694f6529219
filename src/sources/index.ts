/**
 * Where bytes come from: described as plain data, read in any thread.
 *
 *     const spec = expandSource(resolveSourcePaths(sourceSchema.parse(data), folder));
 *     const source = await openSource(spec);
 *     const slab = { start: [0, 0], count: [30_000, source.info.shape[1]] };
 *     const pieces = await source.read(slab, new Uint8Array(source.scratchBytes(slab)));
 *     await source.close();
 *
 * Or handed over in memory, as DataChunks:
 *
 *     const chunks = new DataChunkIterator(rows(), { bufferSize: 1000 });
 *     await chunks.prepare();
 *     for await (const { data, selection } of chunks) write(selection, data.shape, data.data);
 */

export { DataError, type DataErrorFields, showValue } from './data-error.js';
export { SourceError, type SourceErrorFields } from './errors.js';
export { expandSource, resolveSourcePaths } from './expand.js';
export {
  type AbstractDataChunkIterator,
  isDataChunkIterator,
} from './iterators/abstract-data-chunk-iterator.js';
export { checkIterator } from './iterators/check-iterator.js';
export { checkDataChunk, DataChunk } from './iterators/data-chunk.js';
export { DataChunkIterator, type IterableData } from './iterators/data-chunk-iterator.js';
export { DataWriter, type DataWriterOptions } from './iterators/data-writer.js';
export { FlushRequest } from './iterators/flush-request.js';
export type { DataChunkIteratorOptions, Yields } from './iterators/iterator-options.js';
export type { ModuleSource } from './module.js';
export { modulesOf, NO_CODE } from './modules.js';
export {
  type AnyItemArray,
  dtypeOf,
  isItemArray,
  isNdArray,
  type NdArray,
  ndarray,
} from './nd-array.js';
export type { NdArrayLike } from './nested.js';
export { openSource } from './open.js';
export { stampOf } from './positional-read.js';
export { type SourceSpec, sourceSchema } from './schema.js';
export { toNdArray } from './to-nd-array.js';
export type { Piece, SourceFile, SourceInfo, SourceReader } from './types.js';
