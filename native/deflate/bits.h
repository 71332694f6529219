/*
 * Reading words, and writing the bits of a stream, least significant first.
 *
 * Nothing here checks the room. The caller computes how much a block takes before writing it, and
 * leaves `overrun` bytes behind that, as stores are wider than what they write.
 */
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hyperslab::deflate {

static_assert(std::endian::native == std::endian::little, "Expected a little-endian host");

inline uint64_t load64(const uint8_t *from) {
  uint64_t value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline uint32_t load32(const uint8_t *from) {
  uint32_t value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

struct BitWriter {
  static constexpr size_t overrun = 8;

  uint8_t *next;
  uint64_t bits = 0; /* not written yet; bits from `count` on are 0 */
  unsigned count = 0;

  /* Adds `width` bits. Call flush() before more than 64 bits are pending; it leaves up to 7. */
  void put(uint64_t value, unsigned width) {
    bits |= value << count;
    count += width;
  }

  /* Writes all whole bytes that are pending. */
  void flush() {
    std::memcpy(next, &bits, sizeof bits);
    next += count >> 3;
    bits >>= count & ~7u;
    count &= 7;
  }

  /* Fills the last byte with zeros. */
  void align() {
    flush();
    if (count > 0) *next++ = static_cast<uint8_t>(bits);
    bits = 0;
    count = 0;
  }
};

}  // namespace hyperslab::deflate
