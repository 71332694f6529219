/*
 * Encodes random chunks with random filters from pieces of any layout, and compares the decoded
 * chunk with a simple model. Then damages the stored bytes: the codec must return a chunk or throw
 * ChunkError, stay within its buffers, and stay usable.
 */
#include <algorithm>
#include <cstring>
#include <deque>

#include "codec/checksum.h"
#include "codec/chunk_codec.h"
#include "testing/fuzz.h"

using hyperslab::ChunkCodec;
using hyperslab::ChunkError;
using hyperslab::ChunkLayout;
using hyperslab::Filter;
using hyperslab::FilterKind;
using hyperslab::Piece;
using Shape = std::vector<uint64_t>;

namespace {

uint64_t product(const Shape &shape) {
  uint64_t all = 1;
  for (const uint64_t length : shape) all *= length;
  return all;
}

/* Goes to the next index of a shape in C order; false after the last. */
bool next_index(Shape &index, const Shape &shape) {
  for (size_t d = shape.size(); d-- > 0;) {
    if (++index[d] < shape[d]) return true;
    index[d] = 0;
  }
  return false;
}

uint64_t offset_of(const Shape &index, const Shape &shape) {
  uint64_t offset = 0;
  for (size_t d = 0; d < shape.size(); d++) offset = offset * shape[d] + index[d];
  return offset;
}

ChunkLayout random_layout(Random &random) {
  ChunkLayout layout;
  const size_t items[] = {1, 2, 3, 4, 5, 7, 8, 12, 16, 24};
  layout.item_size = items[random.upto(9)];
  const size_t rank = random.from(1, 4);
  const uint64_t most = rank == 1 ? 3000 : rank == 2 ? 60 : 9;
  for (size_t d = 0; d < rank; d++) {
    const uint64_t length = random.from(1, most);
    layout.chunk.push_back(length);
    layout.extent.push_back(random.from(1, random.one_in(2) ? length : 2 * length + 1));
  }
  for (size_t k = 0; k < layout.item_size; k++) layout.fill.push_back(random.byte());
  const size_t filters = random.upto(4);
  for (size_t k = 0; k < filters; k++) {
    const FilterKind kinds[] = {FilterKind::shuffle, FilterKind::deflate, FilterKind::fletcher32};
    const FilterKind kind = kinds[random.upto(2)];
    /* The highest levels take long. */
    const int level = static_cast<int>(random.upto(random.one_in(20) ? 12 : 7));
    layout.filters.push_back({kind, kind == FilterKind::deflate ? level : 0});
  }
  return layout;
}

/* Items of the whole extent in C order, more or less regular. */
std::vector<uint8_t> random_items(Random &random, const ChunkLayout &layout) {
  std::vector<uint8_t> items(product(layout.extent) * layout.item_size);
  const uint64_t kind = random.upto(3);
  for (size_t k = 0; k < items.size(); k++) {
    if (kind == 0) items[k] = random.byte();
    if (kind == 1) items[k] = static_cast<uint8_t>(k / layout.item_size % 11);
    if (kind == 2) items[k] = layout.fill[k % layout.item_size];
    if (kind == 3) items[k] = random.one_in(50) ? random.byte() : 0;
  }
  return items;
}

/* Memory that pieces point into. */
struct Memory {
  std::deque<Exact> bytes;
  std::deque<std::vector<int32_t>> tables;
};

/* A piece with `count` items along each axis from `start` on, in memory of any order. */
Piece random_piece(Random &random, const ChunkLayout &layout, const std::vector<uint8_t> &items,
                   const Shape &start, const Shape &count, Memory &memory) {
  const size_t rank = start.size(), item = layout.item_size;
  Piece piece;
  piece.swap = (item == 1 || item == 2 || item == 4 || item == 8) && random.one_in(3);
  piece.shared = random.one_in(4);
  std::vector<size_t> order(rank);
  for (size_t d = 0; d < rank; d++) order[d] = d;
  if (random.one_in(2))
    for (size_t d = rank; d-- > 1;) std::swap(order[d], order[random.upto(d)]);
  uint64_t step = item;
  int64_t first = 0;
  piece.axes.resize(rank);
  for (size_t k = rank; k-- > 0;) {
    const size_t d = order[k];
    const int64_t signed_step = static_cast<int64_t>(step);
    piece.axes[d] = {start[d], count[d], {signed_step}};
    if (random.one_in(4)) {
      piece.axes[d].stride = {-signed_step};
      first += signed_step * static_cast<int64_t>(count[d] - 1);
    } else if (random.one_in(4)) {
      std::vector<int32_t> &table = memory.tables.emplace_back(count[d]);
      for (size_t i = 0; i < table.size(); i++) table[i] = static_cast<int32_t>(i);
      for (size_t i = table.size(); i-- > 1;) std::swap(table[i], table[random.upto(i)]);
      piece.axes[d].stride = {signed_step, table.data()};
    }
    step *= count[d];
  }
  Exact &bytes = memory.bytes.emplace_back(step);
  piece.origin = bytes.data() + first;
  Shape index(rank);
  do {
    Shape in_extent(rank);
    int64_t at = 0;
    for (size_t d = 0; d < rank; d++) {
      in_extent[d] = start[d] + index[d];
      at += piece.axes[d].stride.at(index[d]);
    }
    const uint8_t *from = items.data() + offset_of(in_extent, layout.extent) * item;
    uint8_t *to = const_cast<uint8_t *>(piece.origin) + at;
    for (size_t k = 0; k < item; k++) to[k] = from[piece.swap ? item - 1 - k : k];
  } while (next_index(index, count));
  return piece;
}

/* The extent, cut along one axis. */
std::vector<Piece> random_pieces(Random &random, const ChunkLayout &layout,
                                 const std::vector<uint8_t> &items, Memory &memory) {
  std::vector<Piece> pieces;
  const size_t axis = random.upto(layout.extent.size() - 1);
  Shape start(layout.extent.size()), count = layout.extent;
  while (start[axis] < layout.extent[axis]) {
    const uint64_t left = layout.extent[axis] - start[axis];
    count[axis] = random.one_in(2) ? left : random.from(1, left);
    pieces.push_back(random_piece(random, layout, items, start, count, memory));
    start[axis] += count[axis];
  }
  return pieces;
}

/* The expected chunk: items within the extent, the fill value elsewhere. */
std::vector<uint8_t> expected_chunk(const ChunkLayout &layout, const std::vector<uint8_t> &items,
                                    const Shape &start) {
  const size_t item = layout.item_size;
  std::vector<uint8_t> chunk;
  Shape index(start.size());
  do {
    Shape at(start.size());
    bool inside = true;
    for (size_t d = 0; d < at.size(); d++) {
      at[d] = start[d] + index[d];
      inside = inside && at[d] < layout.extent[d];
    }
    const uint8_t *from =
        inside ? items.data() + offset_of(at, layout.extent) * item : layout.fill.data();
    chunk.insert(chunk.end(), from, from + item);
  } while (next_index(index, layout.chunk));
  return chunk;
}

std::vector<uint8_t> damaged(Random &random, const std::vector<uint8_t> &stored) {
  std::vector<uint8_t> bytes = stored;
  const uint64_t changes = random.from(1, 4);
  for (uint64_t k = 0; k < changes; k++) {
    const uint64_t kind = random.upto(5);
    if (kind == 0 && !bytes.empty()) bytes[random.upto(bytes.size() - 1)] ^= 1 << random.upto(7);
    if (kind == 1 && !bytes.empty()) bytes[random.upto(bytes.size() - 1)] = random.byte();
    if (kind == 2) bytes.resize(random.upto(bytes.size()));
    if (kind == 3)
      for (uint64_t n = random.from(1, 40); n > 0; n--) bytes.push_back(random.byte());
    if (kind == 4 && !bytes.empty()) {
      const size_t from = random.upto(bytes.size() - 1), to = random.upto(bytes.size() - 1);
      const size_t size = random.from(1, bytes.size() - std::max(from, to));
      std::memmove(bytes.data() + to, bytes.data() + from, size);
    }
    /* The header of a stream. */
    if (kind == 5 && !bytes.empty())
      bytes[random.upto(std::min<size_t>(bytes.size() - 1, 8))] = random.byte();
  }
  return bytes;
}

/* Decodes from and to memory of exact sizes. Returns nothing if the chunk is refused. */
bool decodes(ChunkCodec &codec, const std::vector<uint8_t> &stored, uint32_t mask,
             std::vector<uint8_t> &chunk) {
  Exact in(stored.data(), stored.size());
  Exact out(codec.chunk_bytes());
  try {
    codec.decode(in.data(), in.size(), mask, out.data());
  } catch (const ChunkError &) {
    return false;
  }
  chunk.assign(out.data(), out.data() + out.size());
  return true;
}

void check_chunk(Random &random, ChunkCodec &codec, const std::vector<Piece> &pieces,
                 const std::vector<uint8_t> &items, const Shape &start) {
  const std::vector<uint8_t> expected = expected_chunk(codec.layout(), items, start);
  const hyperslab::Encoded encoded = codec.encode(pieces, start);
  const std::vector<uint8_t> stored(encoded.bytes, encoded.bytes + encoded.size);
  const uint32_t mask = encoded.filter_mask;

  const auto check_whole = [&] {
    std::vector<uint8_t> chunk;
    expect(decodes(codec, stored, mask, chunk), "a chunk that was encoded is refused");
    expect(chunk == expected, "a chunk is decoded to something else");
    expect(!codec.difference(pieces, start, stored.data(), stored.size(), mask),
           "a chunk differs from what it was made of");
  };
  check_whole();

  const uint64_t sum = hyperslab::checksum(stored.data(), stored.size());
  for (int k = 0; k < 8; k++) {
    const std::vector<uint8_t> bytes = damaged(random, stored);
    expect(bytes == stored || hyperslab::checksum(bytes.data(), bytes.size()) != sum,
           "damage leaves the checksum as it was");
    const uint32_t other = random.one_in(3) ? static_cast<uint32_t>(random.next()) & 31 : mask;
    std::vector<uint8_t> chunk;
    const bool decoded = decodes(codec, bytes, other, chunk);
    Exact in(bytes.data(), bytes.size());
    try {
      const auto first = codec.difference(pieces, start, in.data(), in.size(), other);
      expect(decoded, "what decode() refuses is compared");
      if (chunk == expected) expect(!first, "equal chunks differ");
      if (first)
        expect(*first < expected.size() / codec.layout().item_size, "no element differs there");
    } catch (const ChunkError &) {
      expect(!decoded, "what decode() takes is not compared");
    }
  }
  check_whole();
}

void check_layout(Random &random) {
  const ChunkLayout layout = random_layout(random);
  const std::vector<uint8_t> items = random_items(random, layout);
  Memory memory;
  const std::vector<Piece> pieces = random_pieces(random, layout, items, memory);
  ChunkCodec encoder(layout), codec(layout);
  Shape grid, index(layout.chunk.size());
  for (size_t d = 0; d < layout.chunk.size(); d++)
    grid.push_back((layout.extent[d] + layout.chunk[d] - 1) / layout.chunk[d]);
  do {
    Shape start;
    for (size_t d = 0; d < index.size(); d++) start.push_back(index[d] * layout.chunk[d]);
    encoder.encode(pieces, start);
    expect(encoder.bytes_held() <= ChunkCodec::encoder_bytes(layout), "an encoder holds too much");
    check_chunk(random, codec, pieces, items, start);
  } while (next_index(index, grid));
}

}  // namespace

int main(int count, char **arguments) { return fuzz::run(count, arguments, check_layout); }
