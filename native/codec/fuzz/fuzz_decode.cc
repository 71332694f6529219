/*
 * Decodes the stored chunk that an input describes: whatever it holds, the codec must return a
 * chunk or throw ChunkError.
 *
 * Changed bytes of a stored chunk seldom pass its checksums. So an input may enter at any filter:
 * that filter and those behind it are applied to the bytes, whatever their length, and the filters
 * before it get unexpected bytes in decode().
 */
#include <libdeflate.h>

#include <memory>

#include "codec/chunk_codec.h"
#include "codec/filters.h"
#include "kernels/shuffle.h"
#include "testing/bytes_given.h"
#include "testing/fuzz.h"

using hyperslab::ChunkCodec;
using hyperslab::ChunkError;
using hyperslab::ChunkLayout;
using hyperslab::Filter;
using hyperslab::FilterKind;
using Bytes = std::vector<uint8_t>;

namespace {

struct Input {
  ChunkLayout layout;
  uint32_t mask;
  size_t enter; /* the filter at which `bytes` enter */
  bool whole;   /* whether they are made as long as a chunk */
  Bytes bytes;
};

/* seeds.cc writes inputs in this format. */
Input read(Given given) {
  Input input;
  ChunkLayout &layout = input.layout;
  layout.item_size = given.upto(19) + 1;
  const size_t rank = given.upto(2) + 1;
  const unsigned most = rank == 1 ? 3000 : rank == 2 ? 60 : 12;
  for (size_t d = 0; d < rank; d++) layout.chunk.push_back(given.upto(most - 1) + 1);
  layout.extent = layout.chunk;
  layout.fill.assign(layout.item_size, 0);
  const unsigned filters = given.upto(5);
  for (unsigned k = 0; k < filters; k++) {
    const FilterKind kinds[] = {FilterKind::shuffle, FilterKind::deflate, FilterKind::fletcher32};
    const FilterKind kind = kinds[given.upto(2)];
    layout.filters.push_back({kind, kind == FilterKind::deflate ? 1 : 0});
  }
  input.mask = given.byte();
  input.enter = given.upto(filters);
  input.whole = given.upto(1) == 1;
  input.bytes = given.bytes(1 << 20);
  return input;
}

void deflate(Bytes &bytes) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(1), libdeflate_free_compressor);
  Bytes stream(libdeflate_zlib_compress_bound(nullptr, bytes.size()));
  stream.resize(libdeflate_zlib_compress(compressor.get(), bytes.data(), bytes.size(),
                                         stream.data(), stream.size()));
  bytes = stream;
}

void run(const Filter &filter, size_t item, Bytes &bytes) {
  if (filter.kind == FilterKind::deflate) {
    deflate(bytes);
  } else if (filter.kind == FilterKind::fletcher32) {
    const size_t size = bytes.size();
    bytes.resize(size + hyperslab::fletcher32_size);
    hyperslab::append_fletcher32(bytes.data(), size);
  } else {
    const Bytes in = bytes;
    hyperslab::shuffle(in.data(), in.size(), item, bytes.data());
  }
}

Bytes stored_of(const Input &input) {
  Bytes bytes = input.bytes;
  for (size_t k = input.enter; k < input.layout.filters.size(); k++)
    if (!(input.mask >> k & 1)) run(input.layout.filters[k], input.layout.item_size, bytes);
  return bytes;
}

/* Returns nothing if the chunk is refused. */
Bytes decode(ChunkCodec &codec, const Bytes &stored, uint32_t mask) {
  Exact in(stored.data(), stored.size());
  Exact out(codec.chunk_bytes());
  try {
    codec.decode(in.data(), in.size(), mask, out.data());
  } catch (const ChunkError &) {
    return {};
  }
  return Bytes(out.data(), out.data() + out.size());
}

void check(Input &input) {
  ChunkCodec codec(input.layout);
  if (input.whole) input.bytes.resize(codec.chunk_bytes());
  const Bytes stored = stored_of(input);
  const Bytes chunk = decode(codec, stored, input.mask);
  const bool of_a_chunk = input.enter == 0 && input.bytes.size() == codec.chunk_bytes();
  if (of_a_chunk) demand(chunk == input.bytes, "a chunk that is not what was stored");
  demand(decode(codec, stored, input.mask) == chunk, "another chunk the second time");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  Input input = read({bytes, size});
  check(input);
  return 0;
}
