/*
 * The shuffle filter of HDF5.
 *
 *  1. Functions own nothing: `in` and `out` are the caller's, hold `size` bytes each and must not
 *     overlap.
 *  2. Any thread may call.
 */
#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/path.h"

namespace hyperslab {

/*
 * Byte p of every item, then byte p + 1 of every item, …; bytes after the last whole item stay at
 * the end, as in H5Zshuffle.c. Items have 1 byte or more.
 */
void shuffle(const uint8_t *in, size_t size, size_t item_size, uint8_t *out,
             Path path = best_path());
void unshuffle(const uint8_t *in, size_t size, size_t item_size, uint8_t *out,
               Path path = best_path());

}  // namespace hyperslab
