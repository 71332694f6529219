/**
 * Data that a program hands over: arrays, DataChunks, iterators and writers, named as in HDMF.
 *
 *     const chunks = new DataChunkIterator(rows(), { bufferSize: 1000 });
 *     await chunks.prepare();
 *     for await (const { data, selection } of chunks) write(selection, data.shape, data.data);
 */
export {
  type AbstractDataChunkIterator,
  isDataChunkIterator,
} from './abstract-data-chunk-iterator.js';
export { DataError, showValue } from './arrays/data-error.js';
export {
  type AnyItemArray,
  arrayMisfit,
  dtypeOf,
  isItemArray,
  isNdArray,
  type NdArray,
  ndarray,
} from './arrays/nd-array.js';
export type { NdArrayLike } from './arrays/nested.js';
export { toNdArray } from './arrays/to-nd-array.js';
export { checkIterator } from './check-iterator.js';
export { checkDataChunk, DataChunk } from './data-chunk.js';
export { DataChunkIterator, type IterableData } from './data-chunk-iterator.js';
export { DataWriter, type DataWriterOptions } from './data-writer.js';
export { FlushRequest } from './flush-request.js';
export type { DataChunkIteratorOptions, Yields } from './iterator-options.js';
