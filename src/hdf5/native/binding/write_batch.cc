#include "binding/write_batch.h"

#include <algorithm>

#include "binding/space.h"

namespace {

/* Enough that small chunks do not each cost a call of sync. */
constexpr uint64_t sync_bytes = 4 << 20;

constexpr uint64_t most_bytes = 512 << 10;

/* More save little, and a batch of tiny chunks should not be larger than all else. */
constexpr uint64_t most_chunks = 32;

}  // namespace

void BackgroundSync::written(uint64_t address, size_t size) {
  low_ = std::min(low_, address);
  high_ = std::max(high_, address + size);
  bytes_ += size;
  if (bytes_ >= sync_bytes) begin();
}

void BackgroundSync::begin() {
  if (bytes_ > 0) hs_space_begin_sync(space_, low_, high_ - low_);
  low_ = UINT64_MAX;
  high_ = bytes_ = 0;
}

uint64_t WriteBatch::memory(const hyperslab::ChunkLayout &layout) {
  uint64_t chunk = layout.item_size;
  for (const uint64_t length : layout.chunk) chunk *= length;
  const bool shrinks = std::any_of(
      layout.filters.begin(), layout.filters.end(),
      [](const hyperslab::Filter &one) { return one.kind == hyperslab::FilterKind::deflate; });
  if (!shrinks && chunk > most_bytes / least_chunks) return 0;
  return std::min(most_bytes, chunk * most_chunks);
}

void WriteBatch::add(const uint8_t *bytes, size_t size, size_t placement) {
  bytes_.reserve(room_);
  waiting_.push_back({placement, bytes_.size()});
  bytes_.insert(bytes_.end(), bytes, bytes + size);
}

void WriteBatch::write(Napi::Env env, hs_space *space, BackgroundSync &sync,
                       std::vector<double> &placements) {
  if (bytes_.empty()) return;
  const uint64_t address = reserve_in(env, space, bytes_.size());
  write_to(env, space, bytes_.data(), bytes_.size(), address);
  sync.written(address, bytes_.size());
  for (const Waiting &chunk : waiting_)
    placements[chunk.placement] = static_cast<double>(address + chunk.offset);
  clear();
}

void WriteBatch::clear() {
  bytes_.clear();
  waiting_.clear();
}
