/*
 * Writes the first inputs of fuzz_decode: chunks that encode() made.
 *
 *     fuzz_decode_seeds FOLDER
 */
#include <algorithm>

#include "codec/chunk_codec.h"
#include "testing/random.h"
#include "testing/seed.h"

using hyperslab::ChunkCodec;
using hyperslab::ChunkLayout;
using hyperslab::Filter;
using hyperslab::FilterKind;
using Bytes = std::vector<uint8_t>;

namespace {

constexpr Filter shuffle{FilterKind::shuffle, 0};
constexpr Filter deflate{FilterKind::deflate, 4};
constexpr Filter fletcher32{FilterKind::fletcher32, 0};

/* Items of 12 bits, as recordings are; in C order. */
Bytes recording(size_t items, size_t item) {
  Random random(items);
  Bytes bytes(items * item);
  for (size_t k = 0; k < items; k++)
    for (size_t p = 0; p < std::min<size_t>(item, 2); p++)
      bytes[k * item + p] = p ? random.upto(15) : random.byte();
  return bytes;
}

/* A chunk from encode(), in the format of fuzz_decode. */
Seed chunk_seed(size_t rank, size_t length, size_t item, const std::vector<Filter> &filters) {
  ChunkLayout layout{item, std::vector<uint64_t>(rank, length), std::vector<uint64_t>(rank, length),
                     Bytes(item), filters};
  ChunkCodec codec(layout);
  Bytes chunk = recording(codec.chunk_bytes() / item, item);
  const hyperslab::Encoded encoded = codec.filter({chunk.data(), false});
  Seed seed;
  seed.byte(item - 1).byte(rank - 1);
  for (size_t d = 0; d < rank; d++) {
    if (rank == 1)
      seed.word(length - 1);
    else
      seed.byte(length - 1);
  }
  seed.byte(filters.size());
  for (const Filter &filter : filters) seed.byte(static_cast<size_t>(filter.kind));
  return seed.byte(encoded.filter_mask)
      .byte(filters.size())
      .byte(0)
      .bytes(encoded.bytes, encoded.size);
}

void write_chunks(const std::filesystem::path &folder) {
  const std::vector<std::vector<Filter>> pipelines = {
      {},
      {deflate},
      {shuffle, deflate},
      {shuffle, deflate, fletcher32},
      {fletcher32, shuffle, deflate},
      {deflate, shuffle, deflate, fletcher32, deflate}};
  int number = 0;
  for (const std::vector<Filter> &filters : pipelines)
    for (const size_t item : {1, 2, 4, 8}) {
      chunk_seed(1, 400, item, filters).write(folder / std::to_string(number++));
      chunk_seed(2, 30, item, filters).write(folder / std::to_string(number++));
    }
}

}  // namespace

int main(int count, char **arguments) { return write_seeds(count, arguments, write_chunks); }
