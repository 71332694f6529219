#include "codec/gather.h"

#include <algorithm>

namespace hyperslab {
namespace {

/*
 * Adds the part of the piece that lies in the chunk to `copy`. It is read `from` bytes after the
 * origin, and written `to` bytes after the start of the chunk. Returns false if there is no such
 * part.
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

uint64_t items_of(const ChunkBox &box) {
  uint64_t items = 1;
  for (size_t d = 0; d < box.rank; d++) items *= box.shape[d];
  return items;
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

bool is_rows(const std::vector<Piece> &pieces, const ChunkBox &box, size_t item_size) {
  return std::all_of(pieces.begin(), pieces.end(), [&](const Piece &piece) {
    StridedCopy copy(item_size);
    int64_t from, to;
    return !intersect(piece, box, item_size, copy, from, to) || copy.is_rows();
  });
}

uint64_t gather_shuffled(const std::vector<Piece> &pieces, const ChunkBox &box, size_t item_size,
                         uint8_t *out) {
  const uint64_t plane = items_of(box);
  uint64_t elements = 0;
  for (const Piece &piece : pieces) {
    StridedCopy copy(item_size);
    int64_t from, to;
    if (!intersect(piece, box, item_size, copy, from, to)) continue;
    copy.run_to_planes(piece.origin + from, out + to / static_cast<int64_t>(item_size), plane,
                       piece.swap);
    elements += copy.elements();
  }
  return elements;
}

const uint8_t *find_dense(const std::vector<Piece> &pieces, const ChunkBox &box, size_t item_size) {
  const uint64_t elements = items_of(box);
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
