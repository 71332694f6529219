/*
 * Compresses the chunk that an input describes. The stream must be the same on every path and
 * whatever was compressed before, zlib and libdeflate must decode it, and it must stay within its
 * room or be refused.
 */
#include "deflate/encoder.h"
#include "deflate/fuzz/recipe.h"
#include "deflate/test/decoders.h"
#include "testing/bytes_given.h"
#include "testing/fuzz.h"

using hyperslab::EncodedBytes;
using hyperslab::Path;
using hyperslab::paths;
using hyperslab::Planes;
using hyperslab::ZlibEncoder;
using Bytes = std::vector<uint8_t>;

namespace {

constexpr size_t max_bytes = 300 << 10;
constexpr size_t room_to_work = 128; /* see ZlibEncoder::compress() */

struct Input {
  int level;
  Planes planes;
  unsigned room_kind, room;
  size_t before; /* bytes of the chunk that are compressed separately first */
  Bytes chunk;
};

Input read(Given given) {
  Input input;
  input.level = static_cast<int>(given.upto(hyperslab::max_deflate_level));
  input.planes.count = given.upto(hyperslab::max_planes + 1);
  input.planes.row = given.word();
  input.room_kind = given.upto(3);
  input.room = given.word();
  input.before = given.word();
  input.chunk = recipe::expand(given, max_bytes);
  return input;
}

/* A room that may be too small, or just suffices, depending on the input. */
size_t room_of(const Input &input, size_t size, size_t stream) {
  if (input.room_kind == 0) return input.room % stream;
  if (input.room_kind == 1) return stream - 1 - std::min<size_t>(stream - 1, input.room % 300);
  if (input.room_kind == 2) return stream + input.room % room_to_work;
  return std::min(ZlibEncoder::bound(size), stream + room_to_work);
}

uint64_t sum_of(const EncodedBytes &encoded) {
  return encoded.literals + encoded.runs + encoded.matches + encoded.stored + encoded.library;
}

/* Returns nothing if there was not enough room. */
Bytes compress(ZlibEncoder &encoder, Exact &in, const Planes &planes, size_t room) {
  Exact out(room);
  const size_t size = encoder.compress(in.data(), in.size(), planes, out.data(), room);
  demand(size <= room, "a stream that is larger than its room");
  demand(size == 0 || sum_of(encoder.encoded()) == in.size(), "not every byte is counted once");
  return Bytes(out.data(), out.data() + size);
}

void check_room(ZlibEncoder &encoder, const Input &input, Exact &in, const Bytes &expected) {
  const size_t room = room_of(input, in.size(), expected.size());
  const Bytes stream = compress(encoder, in, input.planes, room);
  if (room < expected.size()) demand(stream.empty(), "a stream that fits less than itself");
  demand(stream.empty() || stream == expected, "another stream in a smaller room");
  if (input.room_kind == 3) demand(!stream.empty(), "a room that is large enough is refused");
}

void check(const Input &input) {
  Exact in(input.chunk.data(), input.chunk.size());
  const size_t bound = ZlibEncoder::bound(in.size());
  ZlibEncoder plain(input.level, Path::plain);
  const Bytes expected = compress(plain, in, input.planes, bound);
  demand(!expected.empty(), "a bound that does not suffice");
  demand(decoders::zlib_gets(expected.data(), expected.size(), in.data(), in.size()),
         "a stream that zlib does not take");
  demand(decoders::libdeflate_gets(expected.data(), expected.size(), in.data(), in.size()),
         "a stream that libdeflate does not take");
  for (const Path path : paths()) {
    ZlibEncoder encoder(input.level, path);
    if (path == hyperslab::best_path()) {
      Exact before(in.data(), std::min(input.before, in.size()));
      compress(encoder, before, {1, 0}, ZlibEncoder::bound(before.size()));
      check_room(encoder, input, in, expected);
    }
    demand(compress(encoder, in, input.planes, bound) == expected,
           std::string("another stream on path ") + name_of(path));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  check(read({bytes, size}));
  return 0;
}
