/* Checks streams with independent decoders. Any thread may call. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hyperslab {

/*
 * Throws std::runtime_error unless zlib and libdeflate both decode the stream to exactly
 * `expected`.
 */
void verify_stream(const uint8_t *stream, size_t size, const std::vector<uint8_t> &expected);

}  // namespace hyperslab
