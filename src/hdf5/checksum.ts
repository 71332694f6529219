import { native } from './native.js';

/**
 * The 64-bit XXH3 hash with seed 0 (https://xxhash.com). ChunkWriters return the same hash of the stored
 * bytes of each chunk. It detects damage, but gives no protection against forgery.
 *
 * @throws TypeError for anything but a Uint8Array
 */
export function checksum(bytes: Uint8Array): bigint {
  return native.checksum(bytes);
}
