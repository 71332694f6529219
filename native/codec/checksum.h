/*
 * The checksum of a chunk: XXH3, 64 bits, seed 0 (https://xxhash.com), of its bytes as they are
 * stored. It detects damage and torn writes. It is no protection against forgery.
 *
 *  1. Memory is the caller's and is only read. It needs no alignment, and may be null if `size` is
 *     0.
 *  2. Any thread may call; no state is kept.
 *  3. The result is a number, the same on every machine; XXH64_canonical_t is its big-endian bytes.
 */
#pragma once

#include <cstddef>
#include <cstdint>

namespace hyperslab {

uint64_t checksum(const uint8_t *bytes, size_t size);

}  // namespace hyperslab
