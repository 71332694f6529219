/* Counting byte values. */
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "cpu/path.h"

namespace hyperslab::deflate {

using ByteCounts = std::array<uint32_t, 256>;

/*
 * Counts in several tables at once. Neighbours are often equal; in one table, each increment would
 * wait for the one before to be stored.
 */
class Histogram {
 public:
  void clear();
  /* Less than 2^32 bytes in all. */
  void add(const uint8_t *bytes, size_t size);
  void add(uint8_t byte, uint32_t times) { tables_[0][byte] += times; }
  void sum(ByteCounts &counts) const;

 private:
  static constexpr int tables = 8;
  uint32_t tables_[tables][256];
};

/*
 * Counts the units of a plane, one after the other. While few values have occurred in the plane,
 * each is compared with many bytes at once; only if others turn up are all bytes counted one by
 * one.
 */
class PlaneCounter {
 public:
  explicit PlaneCounter(Path path) : path_(path) {}

  void begin();
  void count(const uint8_t *bytes, size_t size, ByteCounts &counts);

 private:
  static constexpr size_t few = 12;
  Path path_;
  /* The values that occurred, in the first `known_` places; of no use if they are more than few. */
  uint8_t values_[few];
  size_t known_ = 0;
  std::array<bool, 256> seen_{};
  Histogram histogram_;
};

/*
 * Counts the bytes that have each of `n` different values. Returns how many have any of them: less
 * than `size` if other values occur. Paths on which this is slow return 0 at once, and count
 * nothing.
 */
size_t count_values(const uint8_t *bytes, size_t size, const uint8_t *values, size_t n,
                    uint32_t *counts, Path path);

}  // namespace hyperslab::deflate
