/*
 * Which items of a buffer were written: a bitmap, bit k % 8 of byte k / 8 for item k.
 *
 *  1. Memory is the caller's, and needs no alignment; nothing is allocated.
 *  2. Bounds are the caller's to check: every item that the axes reach must have its bit. No byte
 *     without such a bit is read or written.
 *  3. Any thread may call; one at a time for a bitmap.
 */
#pragma once

#include <cstddef>
#include <cstdint>

#include "codec/strided_copy.h"

namespace hyperslab {

/* Steps count items here, not bytes. */
struct CoveredAxis {
  uint64_t n;
  Stride items;
};

/*
 * Sets the bits of the items that `rank` axes (at most max_rank, in any order, none empty) reach
 * from item `first` on. Returns how many of the bits were 0 before.
 */
uint64_t cover(uint8_t *bitmap, int64_t first, const CoveredAxis *axes, size_t rank);

}  // namespace hyperslab
