#include "codec/chunk_codec.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>
#include <string>
#include <utility>

#include "codec/fill.h"
#include "codec/planes.h"
#include "cpu/path.h"
#include "kernels/shuffle.h"

namespace hyperslab {
namespace {

/*
 * The room that encode() needs in its two buffers. Filters alternate between them; after a deflate,
 * which may be skipped, the chunk can be in either.
 */
void plan_rooms(const ChunkLayout &layout, size_t chunk_bytes, size_t room[2]) {
  bool in[2] = {true, false};
  size_t size = chunk_bytes;
  room[0] = size;
  room[1] = 0;
  const auto grow = [&](int k, size_t bytes) { room[k] = std::max(room[k], bytes); };
  for (const Filter &filter : layout.filters) {
    if (filter.kind == FilterKind::fletcher32) {
      size += fletcher32_size;
      for (int k = 0; k < 2; k++)
        if (in[k]) grow(k, size);
    } else if (filter.kind == FilterKind::deflate) {
      for (int k = 0; k < 2; k++)
        if (in[k]) grow(1 - k, ZlibEncoder::bound(size));
      in[0] = in[1] = true;
    } else if (copies(layout, filter)) {
      for (int k = 0; k < 2; k++)
        if (in[k]) grow(1 - k, size);
      std::swap(in[0], in[1]);
    }
  }
}

void check_gathered(const ChunkBox &box, uint64_t got) {
  const uint64_t inside =
      std::accumulate(box.inside, box.inside + box.rank, uint64_t{1}, std::multiplies<>());
  if (got != inside)
    throw ChunkError("Expected pieces that hold the " + std::to_string(inside) +
                     " elements of the chunk at " + list_text(box.start, box.rank) +
                     " once each but received " + std::to_string(got) + " elements");
}

bool is_whole(const ChunkBox &box) {
  return std::equal(box.inside, box.inside + box.rank, box.shape);
}

bool skipped(uint32_t filter_mask, size_t filter) { return filter_mask >> filter & 1; }

}  // namespace

ChunkCodec::ChunkCodec(ChunkLayout layout)
    : layout_(std::move(layout)), chunk_bytes_(check_layout(layout_)) {
  plan_rooms(layout_, chunk_bytes_, encode_room_);
  encoders_.resize(layout_.filters.size());
}

uint64_t ChunkCodec::encoder_bytes(const ChunkLayout &layout) {
  size_t room[2];
  plan_rooms(layout, check_layout(layout), room);
  uint64_t bytes = static_cast<uint64_t>(room[0]) + room[1];
  for (const Filter &filter : layout.filters)
    if (filter.kind == FilterKind::deflate) bytes += ZlibEncoder::memory(filter.level);
  return bytes;
}

uint64_t ChunkCodec::bytes_held() const {
  uint64_t bytes = found_.size();
  for (int k = 0; k < 2; k++) bytes += encode_[k].size() + decode_[k].size();
  for (size_t i = 0; i < encoders_.size(); i++)
    if (encoders_[i]) bytes += ZlibEncoder::memory(layout_.filters[i].level);
  if (inflater_) bytes += Inflater::memory();
  return bytes;
}

void ChunkCodec::release() {
  for (int k = 0; k < 2; k++) {
    encode_[k].release();
    decode_[k].release();
  }
  found_.release();
  for (std::optional<ZlibEncoder> &encoder : encoders_) encoder.reset();
  inflater_.reset();
}

ZlibEncoder &ChunkCodec::encoder(size_t filter) {
  if (!encoders_[filter]) encoders_[filter].emplace(layout_.filters[filter].level);
  return *encoders_[filter];
}

void ChunkCodec::gather_items(const std::vector<Piece> &pieces, const ChunkBox &box,
                              uint8_t *out) const {
  if (!is_whole(box)) fill_items(out, chunk_bytes_, layout_.fill.data(), layout_.item_size);
  check_gathered(box, hyperslab::gather(pieces, box, layout_.item_size, out));
}

/*
 * Whether gathering shuffles as well. Not on the plain path, whose kernels are fast in long rows
 * only.
 */
bool ChunkCodec::shuffles_first() const {
  return best_path() != Path::plain && !layout_.filters.empty() &&
         layout_.filters[0].kind == FilterKind::shuffle && copies(layout_, layout_.filters[0]);
}

Gathered ChunkCodec::gather(const std::vector<Piece> &pieces, const std::vector<uint64_t> &start) {
  const ChunkBox box = chunk_box(layout_, start);
  const size_t item = layout_.item_size;
  if (const uint8_t *bytes = find_dense(pieces, box, item)) return {bytes, false};
  if (!shuffles_first() || !is_rows(pieces, box, item)) {
    gather_items(pieces, box, room(0));
    return {room(0), false};
  }
  /* In the buffer to which the shuffle filter would have written. */
  uint8_t *planes = room(1);
  if (!is_whole(box)) fill_planes(planes, items(), layout_.fill.data(), item);
  check_gathered(box, gather_shuffled(pieces, box, item, planes));
  return {planes, true};
}

bool ChunkCodec::is_fill(const Gathered &chunk) const {
  const uint8_t *fill = layout_.fill.data();
  return chunk.planes ? is_filled_planes(chunk.bytes, items(), fill, layout_.item_size)
                      : is_filled(chunk.bytes, chunk_bytes_, fill, layout_.item_size);
}

Encoded ChunkCodec::filter(const Gathered &chunk) {
  const uint8_t *bytes = chunk.bytes;
  size_t size = chunk_bytes_;
  /* The buffer that holds the chunk, or that would hold it if it were not still in its piece. */
  int at = chunk.planes ? 1 : 0;
  uint32_t mask = 0;
  EncodedBytes deflated;
  /* How the bytes lie; no planes once a filter has changed that. */
  const Planes shuffled{layout_.item_size, layout_.chunk.size() > 1 ? layout_.chunk.back() : 0};
  Planes planes;
  if (chunk.planes || layout_.item_size == 1) planes = shuffled;
  for (size_t i = chunk.planes ? 1 : 0; i < layout_.filters.size(); i++) {
    const Filter &filter = layout_.filters[i];
    if (filter.kind == FilterKind::fletcher32) {
      /* The checksum is appended in place, so the chunk must not be in a piece's memory. */
      if (bytes != room(at)) std::memcpy(room(at), bytes, size);
      bytes = room(at);
      append_fletcher32(room(at), size);
      size += fletcher32_size;
      planes = {};
    } else if (filter.kind == FilterKind::deflate) {
      const size_t stored =
          encoder(i).compress(bytes, size, planes, room(1 - at), ZlibEncoder::bound(size));
      if (stored == 0 || stored >= size) {
        deflated.stored += size;
        mask |= uint32_t{1} << i;
        continue;
      }
      deflated += encoder(i).encoded();
      size = stored;
      at = 1 - at;
      bytes = room(at);
      planes = {};
    } else if (copies(layout_, filter)) {
      shuffle(bytes, size, layout_.item_size, room(1 - at));
      planes = shuffled;
      at = 1 - at;
      bytes = room(at);
    }
  }
  return {bytes, size, mask, deflated};
}

void ChunkCodec::decode(const uint8_t *stored, size_t size, uint32_t filter_mask, uint8_t *out) {
  const size_t count = layout_.filters.size();
  /*
   * The size of each filter's input when the chunk was written: exact up to the first deflate, then
   * an upper bound. Writers that never skip deflate may have let it grow its input a little.
   */
  std::vector<size_t> before(count + 1);
  std::vector<bool> exact(count + 1);
  before[0] = chunk_bytes_;
  exact[0] = true;
  size_t copying = 0;
  for (size_t i = 0; i < count; i++) {
    const Filter &filter = layout_.filters[i];
    before[i + 1] = before[i];
    exact[i + 1] = exact[i];
    if (skipped(filter_mask, i)) continue;
    if (copies(layout_, filter)) copying++;
    if (filter.kind == FilterKind::fletcher32) before[i + 1] += fletcher32_size;
    if (filter.kind == FilterKind::deflate) {
      before[i + 1] = ZlibEncoder::bound(before[i]) + before[i] / 512;
      exact[i + 1] = false;
    }
  }

  const uint8_t *bytes = stored;
  const auto check = [&](bool fits, size_t expected) {
    if (!fits)
      throw ChunkError("Expected " + std::to_string(expected) +
                       " bytes for a stored chunk or a stage of it but received " +
                       std::to_string(size));
  };
  const auto check_size = [&](size_t i) {
    if (exact[i]) check(size == before[i], before[i]);
  };
  check_size(count);
  int next = 0;
  for (size_t i = count; i-- > 0;) {
    const Filter &filter = layout_.filters[i];
    if (skipped(filter_mask, i)) continue;
    if (filter.kind == FilterKind::fletcher32) {
      if (!check_fletcher32(bytes, size))
        throw ChunkError("Expected a chunk that fits its fletcher32 checksum but received " +
                         std::to_string(size) + " bytes that do not");
      size -= fletcher32_size;
    } else if (copies(layout_, filter)) {
      const bool last = --copying == 0 && before[i] == chunk_bytes_;
      const size_t room = filter.kind == FilterKind::deflate ? before[i] : size;
      if (last) check(room <= chunk_bytes_, chunk_bytes_);
      uint8_t *target = last ? out : decode_[next].need(room);
      next = 1 - next;
      if (filter.kind == FilterKind::deflate) {
        if (!inflater_) inflater_.emplace();
        const std::optional<size_t> got = inflater_->decompress(bytes, size, target, room);
        if (!got)
          throw ChunkError("Expected a zlib stream of at most " + std::to_string(room) +
                           " bytes for a chunk but received one that is damaged or longer");
        size = *got;
      } else {
        unshuffle(bytes, size, layout_.item_size, target);
      }
      bytes = target;
    }
    check_size(i);
  }
  check_size(0);
  if (bytes != out) std::memcpy(out, bytes, chunk_bytes_);
}

std::optional<uint64_t> ChunkCodec::difference(const std::vector<Piece> &pieces,
                                               const std::vector<uint64_t> &start,
                                               const uint8_t *stored, size_t size,
                                               uint32_t filter_mask) {
  const ChunkBox box = chunk_box(layout_, start);
  const uint8_t *expected = find_dense(pieces, box, layout_.item_size);
  if (!expected) {
    uint8_t *bytes = encode_[0].need(chunk_bytes_);
    gather_items(pieces, box, bytes);
    expected = bytes;
  }
  uint8_t *found = found_.need(chunk_bytes_);
  decode(stored, size, filter_mask, found);
  if (std::memcmp(expected, found, chunk_bytes_) == 0) return std::nullopt;
  return first_difference(box, expected, found);
}

std::optional<uint64_t> ChunkCodec::first_difference(const ChunkBox &box, const uint8_t *expected,
                                                     const uint8_t *found) const {
  const size_t item = layout_.item_size;
  const size_t last = box.rank - 1;
  const uint64_t row = box.inside[last] * item;
  uint64_t index[max_rank] = {};
  for (;;) {
    uint64_t first = 0;
    for (size_t d = 0; d < box.rank; d++) first = first * box.shape[d] + index[d];
    const uint8_t *a = expected + first * item;
    const uint8_t *b = found + first * item;
    if (std::memcmp(a, b, row) != 0)
      return first + static_cast<uint64_t>(std::mismatch(a, a + row, b).first - a) / item;
    size_t d = last;
    while (d > 0 && ++index[d - 1] == box.inside[d - 1]) index[--d] = 0;
    if (d == 0) return std::nullopt;
  }
}

}  // namespace hyperslab
