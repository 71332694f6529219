#include "codec/gather.h"

#include <algorithm>

namespace hyperslab {
namespace {

/*
 * Adds to `copy` what the piece has of the chunk, read from `from` bytes behind the origin on and
 * written from `to` bytes on. False when it has nothing.
 */
bool intersect(const Piece &piece, const ChunkBox &box, size_t item, StridedCopy &copy,
               int64_t &from, int64_t &to) {
  int64_t step = static_cast<int64_t>(item);
  from = to = 0;
  for (size_t d = box.rank; d-- > 0;) {
    const PieceAxis &axis = piece.axes[d];
    const uint64_t low = std::max(axis.start, box.start[d]);
    const uint64_t high = std::min(axis.start + axis.count, box.start[d] + box.inside[d]);
    if (low >= high) return false;
    to += static_cast<int64_t>(low - box.start[d]) * step;
    copy.add_axis(high - low, axis.stride.skip(low - axis.start, from), {step});
    step *= static_cast<int64_t>(box.shape[d]);
  }
  return true;
}

}  // namespace

uint64_t gather(const std::vector<Piece> &pieces, const ChunkBox &box, size_t item_size,
                uint8_t *out) {
  uint64_t elements = 0;
  for (const Piece &piece : pieces) {
    StridedCopy copy(item_size);
    int64_t from, to;
    if (!intersect(piece, box, item_size, copy, from, to)) continue;
    copy.run(piece.origin + from, out + to, piece.swap);
    elements += copy.elements();
  }
  return elements;
}

const uint8_t *find_dense(const std::vector<Piece> &pieces, const ChunkBox &box,
                          size_t item_size) {
  uint64_t elements = 1;
  for (size_t d = 0; d < box.rank; d++) elements *= box.shape[d];
  for (const Piece &piece : pieces) {
    StridedCopy copy(item_size);
    int64_t from, to;
    if (!intersect(piece, box, item_size, copy, from, to)) continue;
    const bool whole = copy.elements() == elements && copy.is_dense();
    const bool as_is = !piece.shared && (!piece.swap || item_size == 1);
    return whole && as_is ? piece.origin + from + copy.from_offset() : nullptr;
  }
  return nullptr;
}

}  // namespace hyperslab
