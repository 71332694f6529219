/*
 * Streams of the encoder are valid zlib streams, the same on every path, within their room, and
 * about as small as zlib's. Prints a hash of all streams for each path, for comparison between
 * machines with the same libdeflate.
 */
#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include "deflate/encoder.h"
#include "deflate/test/corpus.h"
#include "deflate/test/decoders.h"
#include "testing/checks.h"

using checks::check;
using checks::Fenced;
using checks::Guarded;
using corpus::Bytes;
using corpus::Series;
using hyperslab::EncodedBytes;
using hyperslab::max_deflate_level;
using hyperslab::Path;
using hyperslab::paths;
using hyperslab::Planes;
using hyperslab::ZlibEncoder;

namespace {

constexpr size_t max_bytes = (3 << 20) + 1;
constexpr size_t room_to_work = 128; /* see ZlibEncoder::compress() */
constexpr size_t rows[] = {0, 1, 64, 40000};
constexpr size_t plane_counts[] = {1, 2, 3, 4, 8};

/* FNV-1a (Fowler, Noll, Vo). */
class Hash {
 public:
  void add(const Bytes &bytes) {
    for (const uint8_t byte : bytes) state_ = (state_ ^ byte) * 0x100000001b3;
  }
  unsigned long long value() const { return state_; }

 private:
  uint64_t state_ = 0xcbf29ce484222325;
};

struct Chunk {
  std::string name;
  Bytes bytes;
  Planes planes;

  std::string at(int level) const {
    return name + ", " + std::to_string(bytes.size()) + " bytes in " +
           std::to_string(planes.count) + " planes, rows of " + std::to_string(planes.row) +
           ", level " + std::to_string(level);
  }
};

uint64_t sum_of(const EncodedBytes &encoded) {
  return encoded.literals + encoded.runs + encoded.matches + encoded.stored + encoded.library;
}

size_t bytes_of_zlib(const Bytes &bytes, int level) {
  uLongf size = compressBound(bytes.size());
  Bytes stream(size);
  compress2(stream.data(), &size, bytes.data(), bytes.size(), level);
  return size;
}

/* Collects by how much streams exceed a reference, the largest excess first. */
class Excess {
 public:
  explicit Excess(std::string than) : than_(std::move(than)) {}

  /*
   * An excess above `most`, as a part of `other`, is a failure. A few thousandths of the data do
   * not count.
   */
  void add(size_t size, size_t other, double most, size_t data, const std::string &of) {
    constexpr double least = 0.01;
    const double excess = static_cast<double>(size) / static_cast<double>(other) - 1;
    if (size <= other + data / 300 || excess <= least) return;
    const std::string what = std::to_string(size) + " for " + std::to_string(other) + ": " + of;
    found_.emplace(excess, what);
    check(excess <= most, [&] { return "size compared with " + than_ + ": " + what; });
  }

  void report() const {
    std::printf("streams that are more than 1 %% larger than %s: %zu\n", than_.c_str(),
                found_.size());
    constexpr double percent = 100;
    for (const auto &found : found_)
      std::printf("  %5.2f %%: %s\n", found.first * percent, found.second.c_str());
  }

 private:
  std::string than_;
  std::multimap<double, std::string, std::greater<>> found_;
};

/*
 * The excess over zlib's size that is allowed in exchange for speed. It is largest for bytes of a
 * random walk, at the lowest levels. Noise of one bit is a special case: a literal takes a bit at
 * least, and the end of a block takes a code.
 */
double max_over_zlib(const Chunk &chunk) {
  constexpr double of_bits = 0.27, of_others = 0.13;
  return chunk.name == "noise of 1 bits" ? of_bits : of_others;
}

class Test {
 public:
  Test() : memory_(max_bytes) {
    for (const Path path : paths())
      for (int level = 0; level <= max_deflate_level; level++)
        encoders_[path].emplace_back(level, path);
  }

  /* The stream of a chunk, after checking that every path gives the same. */
  Bytes stream_of(const Chunk &chunk, int level) {
    const uint8_t *in = memory_.hold(chunk.bytes);
    const size_t size = chunk.bytes.size();
    const Bytes plain = compress(chunk, in, level, Path::plain, ZlibEncoder::bound(size));
    check(!plain.empty(), [&] { return "the bound suffices for " + chunk.at(level); });
    check(decoders::zlib_gets(plain.data(), plain.size(), in, size),
          [&] { return "zlib gets " + chunk.at(level); });
    check(decoders::libdeflate_gets(plain.data(), plain.size(), in, size),
          [&] { return "libdeflate gets " + chunk.at(level); });
    hashes_[Path::plain].add(plain);
    for (const Path path : paths().subspan(1)) {
      const Bytes stream = compress(chunk, in, level, path, ZlibEncoder::bound(size));
      check(stream == plain, [&] { return "the same stream " + on(path) + chunk.at(level); });
      hashes_[path].add(stream);
    }
    return plain;
  }

  /* Rooms that are too small are refused, and a stream that fits does not depend on the room. */
  void check_rooms(const Chunk &chunk, int level, const Bytes &stream) {
    if (stream.empty()) return;
    const uint8_t *in = memory_.hold(chunk.bytes);
    const Path path = paths()[random_.upto(paths().size() - 1)];
    const size_t bound = ZlibEncoder::bound(chunk.bytes.size());
    const auto tell = [&](size_t room) {
      return std::to_string(room) + " bytes of room for a stream of " +
             std::to_string(stream.size()) + " " + on(path) + chunk.at(level);
    };
    const size_t enough = std::min(bound, stream.size() + room_to_work);
    check(compress(chunk, in, level, path, enough) == stream, [&] { return tell(enough); });
    for (const size_t room : {size_t{0}, stream.size() - 1, random_.upto(stream.size() - 1)})
      check(compress(chunk, in, level, path, room).empty(), [&] { return tell(room); });
    const size_t near = stream.size() + random_.upto(room_to_work);
    const Bytes found = compress(chunk, in, level, path, near);
    check(found.empty() || found == stream, [&] { return tell(near); });
  }

  /* A fresh encoder gives the same stream: nothing is kept from earlier chunks. */
  void check_fresh(const Chunk &chunk, int level, const Bytes &stream) {
    for (const Path path : paths()) {
      ZlibEncoder fresh(level, path);
      Bytes out(ZlibEncoder::bound(chunk.bytes.size()));
      out.resize(fresh.compress(memory_.hold(chunk.bytes), chunk.bytes.size(), chunk.planes,
                                out.data(), out.size()));
      check(out == stream, [&] { return "a fresh encoder " + on(path) + chunk.at(level); });
    }
  }

  size_t draw(size_t most) { return random_.upto(most); }

  void print_hashes() const {
    std::printf("hash of all streams:");
    for (const auto &[path, hash] : hashes_)
      std::printf(" %s %016llx", name_of(path), hash.value());
    std::printf("\n");
  }

 private:
  static std::string on(Path path) { return std::string("on ") + name_of(path) + " of "; }

  /* Returns nothing if there was not enough room. */
  Bytes compress(const Chunk &chunk, const uint8_t *in, int level, Path path, size_t room) {
    ZlibEncoder &encoder = encoders_[path][static_cast<size_t>(level)];
    Guarded out(room);
    const size_t size = encoder.compress(in, chunk.bytes.size(), chunk.planes, out.data(), room);
    check(size <= room, [&] { return "no more than the room " + on(path) + chunk.at(level); });
    check(out.hold(Bytes(out.data(), out.data() + room)),
          [&] { return "nothing around the room " + on(path) + chunk.at(level); });
    check(size == 0 || sum_of(encoder.encoded()) == chunk.bytes.size(),
          [&] { return "every byte is counted once " + on(path) + chunk.at(level); });
    return Bytes(out.data(), out.data() + std::min(size, room));
  }

  Random random_{1};
  Fenced memory_;
  std::map<Path, std::vector<ZlibEncoder>> encoders_;
  std::map<Path, Hash> hashes_;
};

/* A fast level, a usual one, and any. */
std::vector<int> some_levels(Test &test) {
  const auto from = [&](int least, int most) {
    return least + static_cast<int>(test.draw(static_cast<size_t>(most - least)));
  };
  return {from(1, 3), from(4, 9), from(0, max_deflate_level)};
}

void check_small(Test &test, const Series &series) {
  for (const size_t size : {0, 1, 2, 3, 63, 64, 65, 8191, 8192, 8193, 16384})
    for (const size_t planes : plane_counts) {
      const size_t row = rows[test.draw(3)];
      const Chunk chunk{series.name, planes_of(series, size, planes), {planes, row}};
      for (const int level : some_levels(test)) {
        const Bytes stream = test.stream_of(chunk, level);
        test.check_rooms(chunk, level, stream);
        if (test.draw(9) == 0) test.check_fresh(chunk, level, stream);
      }
    }
}

/* No planes, more planes than bytes, and more than max_planes. */
void check_many_planes(Test &test, const Series &series) {
  for (const size_t size : {0, 1, 5, 16, 100, 9000, 24417})
    for (const size_t planes : {0, 5, 11, 16, 17, 100}) {
      const Chunk chunk{series.name, planes_of(series, size, 8), {planes, rows[test.draw(3)]}};
      for (const int level : some_levels(test)) test.stream_of(chunk, level);
    }
}

void check_sizes(Test &test, const Series &series, Excess &zlib, Excess &level_1) {
  constexpr size_t usual = 100000;
  const auto check_levels = [&](size_t size, size_t planes, std::vector<int> levels) {
    const Chunk chunk{series.name, planes_of(series, size, planes), {planes, rows[test.draw(3)]}};
    size_t at_1 = 0;
    for (const int level : levels) {
      const Bytes stream = test.stream_of(chunk, level);
      /* At level 9 zlib takes long. */
      if (level < 9 || size == usual)
        zlib.add(stream.size(), bytes_of_zlib(chunk.bytes, level), max_over_zlib(chunk), size,
                 chunk.at(level));
      if (level == 1) at_1 = stream.size();
      if (level == 9) level_1.add(stream.size(), at_1, 0.01, size, chunk.at(level));
      if (level == 4) test.check_rooms(chunk, level, stream);
    }
  };
  for (const size_t planes : {1, 2}) check_levels(usual, planes, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  for (const size_t planes : {3, 4, 8}) check_levels(usual, planes, {1, 4, 9});
  check_levels(1 << 20, 2, {1, 4, 9});
  check_levels(max_bytes, plane_counts[test.draw(4)], {4});
}

void check_arguments() {
  for (const int level : {-1, max_deflate_level + 1}) {
    bool refused = false;
    try {
      ZlibEncoder encoder(level);
    } catch (const std::invalid_argument &) {
      refused = true;
    }
    check(refused, [&] { return "level " + std::to_string(level) + " is refused"; });
  }
}

}  // namespace

int main() {
  Test test;
  Excess zlib("those of zlib"), level_1("those of level 1");
  for (const Series &series : corpus::all_series()) {
    check_small(test, series);
    check_many_planes(test, series);
    check_sizes(test, series, zlib, level_1);
  }
  check_arguments();
  zlib.report();
  level_1.report();
  test.print_hashes();
  return checks::report();
}
