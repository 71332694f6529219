/* Hashes of a few bytes at a position, by which equal bytes are found. */
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "deflate/bits.h"

namespace hyperslab::deflate {

/* Hashes take no more bytes than this into account. */
inline constexpr unsigned max_hashed = 16;

inline uint64_t mix(uint64_t bytes) { return bytes * 0x9e3779b97f4a7c15; }

/* The hash: the highest `width` bits. */
inline uint32_t hash_of(uint64_t mixed, int width) {
  return static_cast<uint32_t>(mixed >> (64 - width));
}

/* A hash of 3 to 8 bytes. */
class ShortHash {
 public:
  explicit ShortHash(unsigned bytes) : mask_(UINT64_MAX >> (64 - 8 * bytes)) {}

  uint64_t operator()(const uint8_t *at) const { return mix(load64(at) & mask_); }

  /* Bytes that are read. */
  static size_t reach() { return 8; }

 private:
  uint64_t mask_;
};

/* A hash of 9 to 16 bytes, read as two words that may overlap. */
class LongHash {
 public:
  explicit LongHash(unsigned bytes) : bytes_(bytes) {}

  uint64_t operator()(const uint8_t *at) const {
    return mix(std::rotl(mix(load64(at)), 29) ^ load64(at + bytes_ - 8));
  }

  size_t reach() const { return bytes_; }

 private:
  unsigned bytes_;
};

/* Calls `use` with the hash of `bytes` bytes, at most max_hashed. */
template <typename Use>
auto with_hash(unsigned bytes, const Use &use) {
  return bytes <= 8 ? use(ShortHash(bytes)) : use(LongHash(std::min(bytes, max_hashed)));
}

}  // namespace hyperslab::deflate
