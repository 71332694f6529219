/*
 * Chunks as the shuffle filter leaves them: byte p of every item in plane p, one plane behind the
 * other. Functions own nothing; any thread may call.
 */
#pragma once

#include <cstddef>
#include <cstdint>

namespace hyperslab {

/*
 * Writes the planes of `items` items that all are `value`. `out` has room for items * item_size
 * bytes.
 */
void fill_planes(uint8_t *out, size_t items, const uint8_t *value, size_t item_size);

/* Whether every item is `value`. */
bool is_filled_planes(const uint8_t *planes, size_t items, const uint8_t *value, size_t item_size);

}  // namespace hyperslab
