/*
 * Kernels that turn items into planes (byte p of every item together) and back, one pair for each
 * item size and path. Used by shuffle.h and gather_planes.h, which other libraries call.
 *
 *  1. Kernels own nothing. They read and write only the bytes of the items and planes passed to
 *     them; `in` and `out` must not overlap. Memory needs no alignment.
 *  2. Any thread may call. Items may be read more than once: if another thread changes them
 *     meanwhile, any bytes may come out, but only in their places.
 */
#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/path.h"

namespace hyperslab {

/* Rows of items, dense within a row, and where they go in a plane. */
struct ItemRows {
  size_t rows;
  size_t items; /* in each row */
  size_t item_size;
  int64_t stride; /* bytes from the start of a row to the next, where they are read */
  int64_t apart;  /* the same, in a plane */
};

/*
 * Prefetches a row that comes after row r, which begins at `in`. The processor can't foresee where
 * short rows that lie apart begin.
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
   * Byte p of item i of row r goes to out[p * plane + r * rows.apart + i]. With a negative `plane`,
   * and `out` in the last plane, the bytes of the items are reversed.
   */
  void (*to_planes)(const uint8_t *in, const ItemRows &rows, uint8_t *out, int64_t plane);

  /* Byte p of item i is in[p * plane + i]; items become dense. */
  void (*to_items)(const uint8_t *in, size_t plane, size_t items, size_t item_size, uint8_t *out);
};

/* On every path, item sizes from 2 to this have kernels of their own. */
inline constexpr size_t max_sized_item = 16;

/* For items of 2 bytes or more. */
PlaneKernels plane_kernels(size_t item_size, Path path);

/* The plain kernels are for any item size, the others for 2 to max_sized_item. */
PlaneKernels plain_plane_kernels(size_t item_size);
PlaneKernels avx2_plane_kernels(size_t item_size);
PlaneKernels avx512_plane_kernels(size_t item_size);
PlaneKernels neon_plane_kernels(size_t item_size);

}  // namespace hyperslab
