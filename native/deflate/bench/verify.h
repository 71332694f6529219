/* Whether streams hold what they should, by decoders that are not ours. Any thread may call. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hyperslab {

/* Throws std::runtime_error where zlib or libdeflate do not get just `expected` from a stream. */
void verify_stream(const uint8_t *stream, size_t size, const std::vector<uint8_t> &expected);

}  // namespace hyperslab
