#include "codec/chunk_layout.h"

#include <algorithm>
#include <stdexcept>

#include "codec/filters.h"
#include "deflate/encoder.h"

namespace hyperslab {
namespace {

[[noreturn]] void out_of_range(const std::string &expected, const std::string &received) {
  throw std::out_of_range("Expected " + expected + " but received " + received);
}

/* Sizes of stored chunks are 32-bit numbers in the file. */
constexpr uint64_t max_stored = UINT32_MAX;

}  // namespace

std::string list_text(const uint64_t *values, size_t count) {
  std::string text = "[";
  for (size_t d = 0; d < count; d++) text += (d ? ", " : "") + std::to_string(values[d]);
  return text + "]";
}

size_t check_layout(const ChunkLayout &layout) {
  const size_t rank = layout.chunk.size();
  if (rank < 1 || rank > max_rank) out_of_range("1 to 32 axes for a chunk", std::to_string(rank));
  if (layout.extent.size() != rank)
    out_of_range(std::to_string(rank) + " axes for the extent, as the chunk has",
                 std::to_string(layout.extent.size()));
  if (layout.item_size < 1) out_of_range("at least 1 byte for an item", "0");
  if (layout.fill.size() != layout.item_size)
    out_of_range(std::to_string(layout.item_size) + " bytes for the fill value",
                 std::to_string(layout.fill.size()));
  if (layout.filters.size() > 32)
    out_of_range("at most 32 filters", std::to_string(layout.filters.size()));
  uint64_t room = max_stored;
  for (const Filter &filter : layout.filters) {
    if (filter.kind == FilterKind::fletcher32) room -= fletcher32_size;
    if (filter.kind == FilterKind::deflate &&
        (filter.level < 0 || filter.level > max_deflate_level))
      out_of_range("0 to 12 for the deflate level", std::to_string(filter.level));
  }
  uint64_t bytes = layout.item_size;
  bool fits = bytes <= room;
  for (size_t d = 0; d < rank && fits; d++) {
    if (layout.chunk[d] == 0)
      out_of_range("at least 1 element on every axis of a chunk",
                   list_text(layout.chunk.data(), rank));
    fits = layout.chunk[d] <= room / bytes;
    bytes *= layout.chunk[d];
  }
  if (!fits)
    out_of_range("a chunk below 4 GiB", "chunk " + list_text(layout.chunk.data(), rank) +
                                            " of items of " + std::to_string(layout.item_size) +
                                            " bytes");
  return static_cast<size_t>(bytes);
}

bool copies(const ChunkLayout &layout, const Filter &filter) {
  return filter.kind == FilterKind::deflate ||
         (filter.kind == FilterKind::shuffle && layout.item_size > 1);
}

ChunkBox chunk_box(const ChunkLayout &layout, const std::vector<uint64_t> &start) {
  const size_t rank = layout.chunk.size();
  if (start.size() != rank)
    out_of_range(std::to_string(rank) + " axes for the start of a chunk",
                 std::to_string(start.size()));
  ChunkBox box;
  box.rank = rank;
  for (size_t d = 0; d < rank; d++) {
    if (start[d] % layout.chunk[d] != 0 || start[d] >= layout.extent[d])
      out_of_range("the start of a chunk " + list_text(layout.chunk.data(), rank) +
                       " within the extent " + list_text(layout.extent.data(), rank),
                   list_text(start.data(), rank));
    box.start[d] = start[d];
    box.shape[d] = layout.chunk[d];
    box.inside[d] = std::min(layout.chunk[d], layout.extent[d] - start[d]);
  }
  return box;
}

}  // namespace hyperslab
