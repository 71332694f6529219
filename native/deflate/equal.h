/* Finds runs: masks of the bytes that equal the byte a fixed distance before them. */
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "cpu/path.h"

namespace hyperslab::deflate {

/* Words of a mask for `size` bytes. */
constexpr size_t mask_words(size_t size) { return (size + 63) / 64; }

/*
 * Sets bit i of the mask to whether bytes[i] == bytes[i - distance]. `distance` bytes before
 * `bytes` are read. Bits from `size` on are 0.
 */
void find_equal(const uint8_t *bytes, size_t size, size_t distance, uint64_t *mask, Path path);

/*
 * Sets bit i of `starts` to whether bits i to i + least - 1 of the mask are set. Both have `words`
 * words.
 */
void find_runs(const uint64_t *mask, size_t words, unsigned least, uint64_t *starts);

/* The number of bits that are set. */
uint64_t count_set(const uint64_t *mask, size_t words, Path path);

/* The first bit from `from` on that is set, or `size` if there is none. */
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

/* The first bit from `from` on that is not set, or `size` if there is none. */
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
