/* Counts of byte values. */
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "cpu/path.h"

namespace hyperslab::deflate {

using ByteCounts = std::array<uint32_t, 256>;

/*
 * Counts in several tables at once: neighbours are often equal, and would each wait for the count
 * of the one before to be stored.
 */
class Histogram {
 public:
  void clear();
  /* Below 2^32 bytes in all. */
  void add(const uint8_t *bytes, size_t size);
  void add(uint8_t byte, uint32_t times) { tables_[0][byte] += times; }
  void sum(ByteCounts &counts) const;

 private:
  static constexpr int tables = 8;
  uint32_t tables_[tables][256];
};

/*
 * Counts unit after unit of a plane. Where few values have occurred so far, each of them is looked
 * for in many bytes at once; only if there are others, too, all are counted one by one.
 */
class PlaneCounter {
 public:
  explicit PlaneCounter(Path path) : path_(path) {}

  void begin();
  void count(const uint8_t *bytes, size_t size, ByteCounts &counts);

 private:
  static constexpr size_t few = 12;
  Path path_;
  /* The first `known_` that occurred; nothing while there are more than few. */
  uint8_t values_[few];
  size_t known_ = 0;
  std::array<bool, 256> seen_{};
  Histogram histogram_;
};

/*
 * How many bytes have each of `n` values, all different. Returns how many have any of them: less
 * than `size` where others occur; on some paths, at once and without a look at all bytes.
 */
size_t count_values(const uint8_t *bytes, size_t size, const uint8_t *values, size_t n,
                    uint32_t *counts, Path path);

}  // namespace hyperslab::deflate
