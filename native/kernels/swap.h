#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/path.h"

namespace hyperslab {

/*
 * Copies dense items of 2, 4 or 8 bytes and reverses the bytes of each. `in` and `out` must not
 * overlap, and need no alignment. Any thread may call.
 */
void swap_items(const uint8_t *in, size_t items, size_t item_size, uint8_t *out,
                Path path = best_path());

}  // namespace hyperslab
