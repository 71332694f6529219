/*
 * Gathering: the part of strided pieces that falls into one chunk becomes dense bytes in C order.
 *
 *  1. Nothing here allocates or owns memory; pieces point into memory of the caller's, which must
 *     outlive the call.
 *  2. Bounds are the caller's to check: every byte that a piece can address must be readable (the
 *     binding proves it once per call), and `out` must hold the whole chunk.
 *  3. Any thread may call; no state is kept.
 *  4. Memory of a piece needs no alignment.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "codec/strided_copy.h"

namespace hyperslab {

struct PieceAxis {
  uint64_t start; /* first index, in elements of the dataset */
  uint64_t count; /* indexes of this axis */
  Stride stride;  /* where they lie in memory; a table has one entry for each of the `count` */
};

/* A hyperslab of the dataset as it lies in memory. */
struct Piece {
  const uint8_t *origin; /* element [0, .., 0] of the piece */
  std::vector<PieceAxis> axes;
  bool swap;   /* items are big endian; their size must then be 1, 2, 4 or 8 */
  bool shared; /* other threads may change the memory meanwhile */
};

/* One chunk of a dataset: where it starts, its shape, and what of it lies inside the extent. */
struct ChunkBox {
  size_t rank;
  uint64_t start[max_rank];
  uint64_t shape[max_rank];
  uint64_t inside[max_rank]; /* at most `shape`; less in chunks at the edge of the extent */
};

/*
 * Copies what the pieces hold of the chunk to its place in `out`, as little-endian items. Other
 * bytes of `out` are left alone. Returns how many elements were copied: as many as lie inside the
 * extent when the pieces tile it.
 */
uint64_t gather(const std::vector<Piece> &pieces, const ChunkBox &box, size_t item_size,
                uint8_t *out);

/* Whether gather_shuffled() can do it: what each piece has of the chunk is rows of items. */
bool is_rows(const std::vector<Piece> &pieces, const ChunkBox &box, size_t item_size);

/*
 * As gather(), but byte p of an item goes to plane p of the chunk, as the shuffle filter would put
 * it. Items have 2 bytes or more.
 */
uint64_t gather_shuffled(const std::vector<Piece> &pieces, const ChunkBox &box, size_t item_size,
                         uint8_t *out);

/*
 * The chunk's bytes where they lie, when one piece already holds the whole chunk densely in C order
 * and no other thread may change them; else null.
 */
const uint8_t *find_dense(const std::vector<Piece> &pieces, const ChunkBox &box, size_t item_size);

}  // namespace hyperslab
