/*
 * A bitmap of the items of a buffer that were written: bit k % 8 of byte k / 8 is for item k.
 *
 *  1. Memory is the caller's, and needs no alignment; nothing is allocated.
 *  2. The caller checks bounds: the bitmap must have a bit for every item that the axes reach. No
 *     byte without such a bit is read or written.
 *  3. Any thread may call, but only one at a time for a bitmap.
 */
#pragma once

#include <cstddef>
#include <cstdint>

#include "codec/strided_copy.h"

namespace hyperslab {

/* Steps are in items, not bytes. */
struct CoveredAxis {
  uint64_t n;
  Stride items;
};

/*
 * Sets the bits of all items that `rank` axes reach from item `first` on; at most max_rank axes, in
 * any order, none empty. Returns how many of the bits were 0 before.
 */
uint64_t cover(uint8_t *bitmap, int64_t first, const CoveredAxis *axes, size_t rank);

}  // namespace hyperslab
