/*
 * Writes inputs that guided programs begin with, so that they need not find out by themselves what
 * chunks look like: chunks of encode() for fuzz_decode, recordings and images for fuzz_deflate.
 *
 *     write_seeds FOLDER     to FOLDER/fuzz_decode and FOLDER/fuzz_deflate
 */
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "codec/chunk_codec.h"
#include "fuzz.h"
#include "recipe.h"

using hyperslab::ChunkCodec;
using hyperslab::ChunkLayout;
using hyperslab::Filter;
using hyperslab::FilterKind;
using Bytes = std::vector<uint8_t>;

namespace {

constexpr Filter shuffle{FilterKind::shuffle, 0};
constexpr Filter deflate{FilterKind::deflate, 4};
constexpr Filter fletcher32{FilterKind::fletcher32, 0};

/* What Given takes apart. */
class Seed {
 public:
  Seed &byte(size_t value) {
    bytes_.push_back(static_cast<uint8_t>(value));
    return *this;
  }
  Seed &word(size_t value) { return byte(value).byte(value >> 8); }
  Seed &bytes(const uint8_t *bytes, size_t size) {
    bytes_.insert(bytes_.end(), bytes, bytes + size);
    return *this;
  }

  void write(const std::filesystem::path &path) const {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    for (const uint8_t byte : bytes_) file.put(static_cast<char>(byte));
    file.close();
    if (!file) throw std::runtime_error("Expected to write " + path.string() + " but could not");
  }

 private:
  Bytes bytes_;
};

/* Items of 12 bits, as recordings are; in C order. */
Bytes recording(size_t items, size_t item) {
  Random random(items);
  Bytes bytes(items * item);
  for (size_t k = 0; k < items; k++)
    for (size_t p = 0; p < std::min<size_t>(item, 2); p++)
      bytes[k * item + p] = p ? random.upto(15) : random.byte();
  return bytes;
}

/* A chunk that encode() made, as fuzz_decode reads it. */
Seed chunk_seed(size_t rank, size_t length, size_t item, const std::vector<Filter> &filters) {
  ChunkLayout layout{item, std::vector<uint64_t>(rank, length), std::vector<uint64_t>(rank, length),
                     Bytes(item), filters};
  ChunkCodec codec(layout);
  Bytes chunk = recording(codec.chunk_bytes() / item, item);
  const hyperslab::Encoded encoded = codec.filter({chunk.data(), false});
  Seed seed;
  seed.byte(item - 1).byte(rank - 1);
  for (size_t d = 0; d < rank; d++) {
    if (rank == 1) seed.word(length - 1);
    else seed.byte(length - 1);
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

/* How fuzz_deflate begins to read: in all its room, after some of the chunk. */
Seed stream_seed(int level, size_t planes, size_t row) {
  Seed seed;
  seed.byte(static_cast<size_t>(level)).byte(planes).word(row).byte(2).word(64).word(9000);
  return seed;
}

void write_streams(const std::filesystem::path &folder) {
  int number = 0;
  for (int level = 1; level <= 9; level++) {
    /* Low bytes are noise, high ones sign. */
    stream_seed(level, 2, 64)
        .byte(recipe::sums).word(16000).byte(5).byte(0).byte(2).byte(level)
        .byte(recipe::noise).word(16000).byte(1).byte(0xff).byte(level)
        .write(folder / std::to_string(number++));
    /* Rows that resemble one another, and a margin. */
    stream_seed(level, 1, 385)
        .byte(recipe::noise).word(385).byte(6).byte(0).byte(level)
        .byte(recipe::again).word(16000).word(384).byte(100)
        .byte(recipe::run).word(9000).byte(7)
        .write(folder / std::to_string(number++));
    /* Counters, and events in silence. */
    stream_seed(level, 4, 0)
        .byte(recipe::ramp).word(9000).byte(0).byte(1)
        .byte(recipe::sparse).word(12000).byte(200).byte(level)
        .byte(recipe::again).word(12000).word(4999).byte(0)
        .write(folder / std::to_string(number++));
  }
}

}  // namespace

int main(int count, char **arguments) {
  if (count != 2) {
    std::fprintf(stderr, "Expected one folder but received %d arguments\n", count - 1);
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  try {
    write_chunks(folder / "fuzz_decode");
    write_streams(folder / "fuzz_deflate");
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
