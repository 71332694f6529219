#include "addon/writing.h"

#include <algorithm>
#include <optional>

#include "addon/space.h"
#include "codec/checksum.h"

namespace hyperslab::addon {
namespace {

/* Large enough that small chunks do not each need a call. */
constexpr uint64_t sync_bytes = 4 << 20;

/* Elements of a chunk that lie inside the extent. */
uint64_t elements_inside(const ChunkLayout &layout, const std::vector<uint64_t> &at) {
  uint64_t elements = 1;
  for (size_t d = 0; d < at.size(); d++)
    elements *= std::min(layout.chunk[d], layout.extent[d] - at[d]);
  return elements;
}

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

Writing::Writing(Napi::Env env, ChunkCodec &codec, WriteBatch &batch, hs_space *space)
    : env_(env), codec_(codec), batch_(batch), space_(space), sync_(space) {
  batch_.clear();
}

void Writing::add(const std::vector<Piece> &pieces, const std::vector<uint64_t> &at,
                  const Origin &origin) {
  const ChunkLayout &layout = codec_.layout();
  const Gathered items = codec_.gather(pieces, at);
  const bool skips = layout.skip_fill && codec_.is_fill(items);
  const uint64_t bytes = elements_inside(layout, at) * layout.item_size;
  clock_.add(stages_.gather, bytes, codec_.chunk_bytes());
  if (skips) {
    placements_.insert(placements_.end(), {-1, 0, 0});
    checksums_.push_back(0);
    return;
  }
  const Encoded chunk = codec_.filter(items);
  clock_.add(stages_.filter, codec_.chunk_bytes(), chunk.size);
  deflated_ += chunk.deflated;
  /* Computed now, while the bytes are in the processor's cache. */
  checksums_.push_back(hyperslab::checksum(chunk.bytes, chunk.size));
  clock_.add(stages_.checksum, chunk.size, sizeof(uint64_t));
  clock_.add(stages_.write, chunk.size, store(chunk, origin));
}

Napi::Object Writing::finish() {
  write_batch();
  clock_.add(stages_.write, 0, 0);
  Napi::Float64Array places = new_numbers(env_, placements_.size());
  std::copy(placements_.begin(), placements_.end(), places.Data());
  Napi::BigUint64Array sums = new_big_numbers(env_, checksums_.size());
  std::copy(checksums_.begin(), checksums_.end(), sums.Data());
  Napi::Object result = Napi::Object::New(env_);
  result.Set("placements", places);
  result.Set("checksums", sums);
  result.Set("stages", to_object(env_, stages_));
  result.Set("deflated", to_object(env_, deflated_));
  return result;
}

size_t Writing::store(const Encoded &chunk, const Origin &origin) {
  const auto [bytes, size, mask, deflated] = chunk;
  const size_t placement = placements_.size();
  placements_.insert(placements_.end(), {-1, static_cast<double>(size), static_cast<double>(mask)});
  std::optional<uint64_t> from;
  if (hs_space_can_share(space_)) from = origin.blocks(bytes, size);
  if (!from && batch_.takes(size)) {
    if (!batch_.fits(size)) write_batch();
    batch_.add(bytes, size, placement);
    return size;
  }
  /* The batch is written first, so that chunks lie in the file in their order. */
  write_batch();
  const uint64_t address =
      from ? reserve_blocks_in(env_, space_, size) : reserve_in(env_, space_, size);
  placements_[placement] = static_cast<double>(address);
  if (from && hs_space_share(space_, origin.file, *from, size, address)) return 0;
  write_at(address, bytes, size);
  return size;
}

void Writing::write_batch() {
  const std::vector<uint8_t> &bytes = batch_.bytes();
  if (bytes.empty()) return;
  const uint64_t address = reserve_in(env_, space_, bytes.size());
  write_at(address, bytes.data(), bytes.size());
  batch_.place(address, placements_);
}

void Writing::write_at(uint64_t address, const uint8_t *bytes, size_t size) {
  write_to(env_, space_, bytes, size, address);
  sync_.written(address, size);
}

}  // namespace hyperslab::addon
