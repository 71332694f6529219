/*
 * Memory that holds one item over and over: fill values.
 *
 *  1. Memory is the caller's; `bytes` is a multiple of `item_size`, which is 1 or more.
 *  2. Any thread may call; no state is kept. Memory needs no alignment.
 *  3. `value` holds one item and must not overlap with the memory that is written.
 */
#pragma once

#include <cstddef>
#include <cstdint>

namespace hyperslab {

/* Repeats the item `value` through `out`. */
void fill_items(uint8_t *out, size_t bytes, const uint8_t *value, size_t item_size);

/* Writes `value` to those of the `items` items of `out` whose bit in `bitmap` is 0 (coverage.h). */
void fill_uncovered(uint8_t *out, uint64_t items, const uint8_t *bitmap, const uint8_t *value,
                    size_t item_size);

/* Whether every item is `value`, byte for byte (so NaN equals itself, and 0 is not -0). */
bool is_filled(const uint8_t *items, size_t bytes, const uint8_t *value, size_t item_size);

}  // namespace hyperslab
