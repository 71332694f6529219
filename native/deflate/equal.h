/* Which bytes are equal to the one that lies a distance before them: where runs are. */
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "cpu/path.h"

namespace hyperslab::deflate {

/* Words of a mask for this many bytes. */
constexpr size_t mask_words(size_t size) { return (size + 63) / 64; }

/*
 * Bit i of the mask: whether bytes[i] == bytes[i - distance], which must be there to be read. Bits
 * from `size` on are 0.
 */
void find_equal(const uint8_t *bytes, size_t size, size_t distance, uint64_t *mask, Path path);

/*
 * Bit i of `starts`: whether `least` bits of the mask are set from i on. Both have so many words.
 */
void find_runs(const uint64_t *mask, size_t words, unsigned least, uint64_t *starts);

/* How many bits are set. */
uint64_t count_set(const uint64_t *mask, size_t words, Path path);

/* The first bit from `from` on that is set; `size` where there is none. */
inline size_t next_set(const uint64_t *mask, size_t from, size_t size) {
  if (from >= size) return size;
  const size_t words = mask_words(size);
  size_t i = from / 64;
  uint64_t word = mask[i] >> from % 64 << from % 64;
  while (word == 0) {
    if (++i == words) return size;
    word = mask[i];
  }
  return i * 64 + static_cast<size_t>(std::countr_zero(word));
}

/* Likewise, that is not. */
inline size_t next_clear(const uint64_t *mask, size_t from, size_t size) {
  if (from >= size) return size;
  const size_t words = mask_words(size);
  size_t i = from / 64;
  uint64_t word = ~mask[i] >> from % 64 << from % 64;
  while (word == 0) {
    if (++i == words) return size;
    word = ~mask[i];
  }
  return std::min(size, i * 64 + static_cast<size_t>(std::countr_zero(word)));
}

}  // namespace hyperslab::deflate
