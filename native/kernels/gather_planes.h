/*
 * Gathers and shuffles in one step: rows of items that lie apart become planes, without a chunk in
 * between.
 */
#pragma once

#include "kernels/planes.h"

namespace hyperslab {

/*
 * Byte p of item i of row r goes to out[p * plane + r * rows.apart + i]; with `swap`, byte p counts
 * from the end of the item. Items have 2 bytes or more. `in` and `out` are the caller's, must hold
 * everything that the rows and planes reach, and must not overlap. Any thread may call. If another
 * thread changes the memory meanwhile, items of any value come out.
 */
void gather_planes(const uint8_t *in, const ItemRows &rows, bool swap, uint8_t *out, size_t plane,
                   Path path = best_path());

}  // namespace hyperslab
