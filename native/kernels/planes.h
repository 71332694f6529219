/*
 * How the bytes of items become planes (byte p of every item together) and items again: one pair of
 * kernels for each item size and path. For shuffle.h and gather_planes.h, which are what others
 * call.
 *
 *  1. Kernels own nothing. They read and write the bytes of the items and planes that they are told
 *     of and no others; `in` and `out` must not overlap. Memory needs no alignment.
 *  2. Any thread may call. Items may be read more than once, so of memory that another thread
 *     changes meanwhile, any bytes may come out, but nowhere else.
 */
#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/path.h"

namespace hyperslab {

/* Rows of items, dense within a row, and where they go in a plane. */
struct ItemRows {
  size_t rows;
  size_t items; /* of each row */
  size_t item_size;
  int64_t stride; /* bytes from the beginning of a row to that of the next, where they are read */
  int64_t apart;  /* the same in a plane */
};

/*
 * Short rows lie too far apart for the processor to foresee where the next one is, so row r asks
 * for one that comes later. `in` is where row r begins.
 */
inline void ask_ahead(const uint8_t *in, const ItemRows &rows, size_t r) {
  constexpr size_t ahead = 8, short_row = 1024, line = 64;
  const size_t bytes = rows.items * rows.item_size;
  if (r + ahead >= rows.rows || bytes > short_row) return;
  const uint8_t *later = in + static_cast<int64_t>(ahead) * rows.stride;
  for (size_t k = 0; k < bytes; k += line) __builtin_prefetch(later + k);
}

struct PlaneKernels {
  /*
   * Byte p of item i of row r goes to out[p * plane + r * rows.apart + i]. A negative `plane`, with
   * `out` in the last plane, reverses the bytes of the items.
   */
  void (*to_planes)(const uint8_t *in, const ItemRows &rows, uint8_t *out, int64_t plane);

  /* Byte p of item i is in[p * plane + i]; items become dense. */
  void (*to_items)(const uint8_t *in, size_t plane, size_t items, size_t item_size, uint8_t *out);
};

/* Item sizes from 2 to this have kernels of their own on every path. */
inline constexpr size_t max_sized_item = 16;

/* For items of 2 bytes or more. */
PlaneKernels plane_kernels(size_t item_size, Path path);

/* For any item size; the others for 2 to max_sized_item. */
PlaneKernels plain_plane_kernels(size_t item_size);
PlaneKernels avx2_plane_kernels(size_t item_size);
PlaneKernels avx512_plane_kernels(size_t item_size);
PlaneKernels neon_plane_kernels(size_t item_size);

}  // namespace hyperslab
