/*
 * Gathering: copies the parts of strided pieces that belong to one chunk to dense bytes in C order.
 *
 *  1. Nothing here allocates or owns memory. Pieces point into memory of the caller's, which must
 *     outlive the call.
 *  2. The caller checks bounds: every byte that a piece can address must be readable (the addon
 *     proves this once a call), and `out` must hold the whole chunk.
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
  uint64_t count; /* number of indexes */
  Stride stride;  /* where they lie in memory; a table has `count` entries */
};

/* A hyperslab of the dataset in memory. */
struct Piece {
  const uint8_t *origin; /* element [0, .., 0] of the piece */
  std::vector<PieceAxis> axes;
  bool swap;   /* items are big endian, and have 1, 2, 4 or 8 bytes */
  bool shared; /* other threads may change the memory meanwhile */
};

/* One chunk of a dataset: its start, its shape, and the part of it that lies inside the extent. */
struct ChunkBox {
  size_t rank;
  uint64_t start[max_rank];
  uint64_t shape[max_rank];
  uint64_t inside[max_rank]; /* at most `shape`; less at the edge of the extent */
};

/*
 * Copies the elements of the chunk that the pieces hold to their places in `out`, as little-endian
 * items. Other bytes of `out` stay as they are. Returns how many elements were copied: as many as
 * lie inside the extent if the pieces tile it.
 */
uint64_t gather(const std::vector<Piece> &pieces, const ChunkBox &box, size_t item_size,
                uint8_t *out);

/*
 * Whether gather_shuffled() is possible: the part of each piece in the chunk consists of rows of
 * items.
 */
bool is_rows(const std::vector<Piece> &pieces, const ChunkBox &box, size_t item_size);

/*
 * As gather(), but byte p of an item goes to plane p of the chunk, where the shuffle filter would
 * put it. Items have 2 bytes or more.
 */
uint64_t gather_shuffled(const std::vector<Piece> &pieces, const ChunkBox &box, size_t item_size,
                         uint8_t *out);

/*
 * The bytes of the chunk in place, if one piece holds the whole chunk densely in C order and no
 * other thread may change it; else null.
 */
const uint8_t *find_dense(const std::vector<Piece> &pieces, const ChunkBox &box, size_t item_size);

}  // namespace hyperslab
