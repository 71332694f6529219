import { native } from './native.js';

/**
 * XXH3 of 64 bits, seed 0 (https://xxhash.com), as a number: of a chunk's stored bytes, what a
 * ChunkWriter answers with for it. Tells damage, but is no protection against forgery.
 *
 * @throws TypeError for what is no Uint8Array
 */
export function checksum(bytes: Uint8Array): bigint {
  return native.checksum(bytes);
}
