/*
 * Free ranges of a file. Ranges that touch each other become one.
 *
 *  1. An hs_ranges serves one thread at a time.
 *  2. Functions that can fail return 0 or an errno; after a failure some free space is forgotten.
 *
 * This header knows neither libhdf5 nor Node.
 */
#ifndef HYPERSLAB_RANGES_H
#define HYPERSLAB_RANGES_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hs_ranges hs_ranges;

/* Returns NULL when memory is short. */
hs_ranges *hs_ranges_new(void);

void hs_ranges_free(hs_ranges *ranges);

/* Adds `size` bytes at `address`. Bytes that are free already stay so. */
int hs_ranges_add(hs_ranges *ranges, uint64_t address, uint64_t size);

/* Takes `size` bytes from the smallest range that has so many; HS_NOWHERE if none has. */
uint64_t hs_ranges_take(hs_ranges *ranges, uint64_t size);

/* Takes the whole range that ends at `end`, and returns where it begins; `end` if there is none. */
uint64_t hs_ranges_take_before(hs_ranges *ranges, uint64_t end);

/* Returns where the range begins that ends at `end`; `end` if there is none. */
uint64_t hs_ranges_begin_before(const hs_ranges *ranges, uint64_t end);

/* Moves all ranges of `from` into `ranges`. */
int hs_ranges_move(hs_ranges *ranges, hs_ranges *from);

void hs_ranges_clear(hs_ranges *ranges);

/* All bytes of all ranges. */
uint64_t hs_ranges_bytes(const hs_ranges *ranges);

#ifdef __cplusplus
}
#endif
#endif
