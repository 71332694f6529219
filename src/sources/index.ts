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

export {
  type AbstractDataChunkIterator,
  isDataChunkIterator,
} from '../streams/abstract-data-chunk-iterator.js';
export { DataError, type DataErrorFields, showValue } from '../streams/arrays/data-error.js';
export {
  type AnyItemArray,
  dtypeOf,
  isItemArray,
  isNdArray,
  type NdArray,
  ndarray,
} from '../streams/arrays/nd-array.js';
export type { NdArrayLike } from '../streams/arrays/nested.js';
export { toNdArray } from '../streams/arrays/to-nd-array.js';
export { checkIterator } from '../streams/check-iterator.js';
export { checkDataChunk, DataChunk } from '../streams/data-chunk.js';
export { DataChunkIterator, type IterableData } from '../streams/data-chunk-iterator.js';
export { DataWriter, type DataWriterOptions } from '../streams/data-writer.js';
export { FlushRequest } from '../streams/flush-request.js';
export type { DataChunkIteratorOptions, Yields } from '../streams/iterator-options.js';
export { SourceError, type SourceErrorFields } from './errors.js';
export { expandSource, resolveSourcePaths } from './expand.js';
export type { ModuleSource } from './formats/module.js';
export { modulesOf, NO_CODE } from './modules.js';
export { openSource } from './open.js';
export { stampOf } from './reading/positional-read.js';
export { type SourceSpec, sourceSchema } from './schema.js';
export type { Piece, SourceFile, SourceInfo, SourceReader } from './types.js';
