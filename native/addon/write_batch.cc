#include "addon/write_batch.h"

#include <algorithm>

namespace hyperslab::addon {
namespace {

constexpr uint64_t max_bytes = 512 << 10;

/* More bytes save little time, and a batch of tiny chunks should not be the largest buffer. */
constexpr uint64_t max_chunks = 32;

}  // namespace

uint64_t WriteBatch::memory(const ChunkLayout &layout) {
  uint64_t chunk = layout.item_size;
  for (const uint64_t length : layout.chunk) chunk *= length;
  const bool shrinks =
      std::any_of(layout.filters.begin(), layout.filters.end(),
                  [](const Filter &one) { return one.kind == FilterKind::deflate; });
  if (!shrinks && chunk > max_bytes / least_chunks) return 0;
  return std::min(max_bytes, chunk * max_chunks);
}

void WriteBatch::add(const uint8_t *bytes, size_t size, size_t placement) {
  bytes_.reserve(room_);
  waiting_.push_back({placement, bytes_.size()});
  bytes_.insert(bytes_.end(), bytes, bytes + size);
}

void WriteBatch::place(uint64_t address, std::vector<double> &placements) {
  for (const Waiting &chunk : waiting_)
    placements[chunk.placement] = static_cast<double>(address + chunk.offset);
  clear();
}

void WriteBatch::clear() {
  bytes_.clear();
  waiting_.clear();
}

}  // namespace hyperslab::addon
