/* How many bytes two places have in common. */
#pragma once

#include <bit>
#include <cstdint>

#include "deflate/bits.h"

namespace hyperslab::deflate {

/* At most `most`. Up to `most` bytes of both are read. */
inline uint32_t common_length(const uint8_t *a, const uint8_t *b, uint32_t most) {
  uint32_t length = 0;
  for (; length + 8 <= most; length += 8) {
    const uint64_t differ = load64(a + length) ^ load64(b + length);
    if (differ) return length + static_cast<uint32_t>(std::countr_zero(differ)) / 8;
  }
  while (length < most && a[length] == b[length]) length++;
  return length;
}

}  // namespace hyperslab::deflate
