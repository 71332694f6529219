import { encoderBytes } from '../../src/hdf5/index.js';

/**
 * Bytes that a worker needs to encode chunks with shuffle, gzip and fletcher32, in addition to its job's data.
 *
 * @param level level of gzip
 * @param items number of items in a chunk
 * @param itemSize bytes of an item
 */
export function gzipBytes(level: number, items: number, itemSize: number): number {
  return encoderBytes({
    itemSize,
    chunk: [items],
    extent: [items],
    fillvalue: new Uint8Array(itemSize),
    filters: [{ kind: 'shuffle' }, { kind: 'deflate', level }, { kind: 'fletcher32' }],
  });
}
