import { encoderBytes } from '../../src/hdf5/index.js';

/**
 * Bytes that a worker holds to encode chunks with shuffle, gzip and fletcher32, whatever its job is.
 *
 * @param level of gzip
 * @param items of a chunk
 * @param itemSize bytes of one
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
