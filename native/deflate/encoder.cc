#include "deflate/encoder.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "deflate/plane_encoder.h"

namespace hyperslab {
namespace {

/* The header of a zlib stream: deflate, a window of 32 KiB, and a hint about the level. */
uint16_t zlib_header(int level) {
  const unsigned effort = level <= 1 ? 0 : level <= 5 ? 1 : level == 6 ? 2 : 3;
  const unsigned header = 0x7800 | effort << 6;
  return static_cast<uint16_t>(header + 31 - header % 31);
}

constexpr size_t header_size = 2;
constexpr size_t checksum_size = 4;

/* Room that the encoder needs to work in, with header and checksum. */
constexpr size_t spare = 64;

/* The most that a block adds to bytes that do not shrink: a stored header, from a whole byte on. */
constexpr size_t stored_overhead = 6;

struct Free {
  void operator()(libdeflate_compressor *compressor) const {
    libdeflate_free_compressor(compressor);
  }
};
using Compressor = std::unique_ptr<libdeflate_compressor, Free>;

/* A compressor of libdeflate, made when it is first needed. */
class Library {
 public:
  explicit Library(int level) : level_(level) {}

  /* Measured with libdeflate 1.14 (6 KB, 203 KB, 668 KB, 9.0 MB), rounded up for other releases. */
  static size_t memory(int level) {
    constexpr size_t KiB = 1024;
    return level <= 0 ? 16 * KiB : level == 1 ? 256 * KiB : level <= 9 ? 768 * KiB : 10240 * KiB;
  }

  size_t compress(const uint8_t *in, size_t size, uint8_t *out, size_t room) {
    if (!compressor_) compressor_.reset(libdeflate_alloc_compressor(level_));
    if (!compressor_) throw std::bad_alloc();
    return libdeflate_zlib_compress(compressor_.get(), in, size, out, room);
  }

 private:
  int level_;
  Compressor compressor_;
};

bool is_zlib_level(int level) { return level >= 1 && level <= 9; }

int library_level(int level) {
  return is_zlib_level(level) ? deflate::effort_of(level).library_level : level;
}

/* 0 if there is no rival, or it is the same level. */
int rival_level(int level) {
  if (!is_zlib_level(level)) return 0;
  const deflate::Effort &effort = deflate::effort_of(level);
  return effort.rival_level == effort.library_level ? 0 : effort.rival_level;
}

}  // namespace

class ZlibEncoder::State {
 public:
  State(int level, Path path)
      : level_(level), library_(library_level(level)), rival_(rival_level(level)) {
    if (level < 0 || level > max_deflate_level)
      throw std::invalid_argument("Expected 0 to 12 for the deflate level but received " +
                                  std::to_string(level));
    if (is_zlib_level(level)) planes_.emplace(level, path);
  }

  size_t compress(const uint8_t *in, size_t size, const Planes &planes, uint8_t *out, size_t room) {
    const bool known =
        planes_ && planes.count >= 1 && planes.count <= max_planes && size >> 31 == 0;
    const deflate::Best best = known ? planes_->look(in, size, planes) : deflate::Best::library;
    if (best == deflate::Best::library) return by_library(library_, in, size, out, room);
    const size_t ours = by_planes(in, size, out, room);
    if (best == deflate::Best::planes) return ours;
    Library &rival = best == deflate::Best::planes_or_library ? library_ : this->rival();
    if (ours == 0) {
      /* Ours would be longer than this smaller room, so a larger room gives the same stream. */
      return room > spare ? by_library(rival, in, size, out, room - spare) : 0;
    }
    /* Written behind ours if there is room, so that ours need not be made again. */
    const EncodedBytes by_ours = encoded_;
    const bool apart = room - ours >= ours;
    uint8_t *const other_out = apart ? out + ours : out;
    const size_t other = by_library(rival, in, size, other_out, ours - 1);
    if (other > 0) {
      if (apart) std::memcpy(out, other_out, other);
      return other;
    }
    if (!apart) return by_planes(in, size, out, room);
    encoded_ = by_ours;
    return ours;
  }

  const EncodedBytes &encoded() const { return encoded_; }

 private:
  size_t by_planes(const uint8_t *in, size_t size, uint8_t *out, size_t room) {
    if (room < spare) return 0;
    const uint16_t header = zlib_header(level_);
    out[0] = static_cast<uint8_t>(header >> 8);
    out[1] = static_cast<uint8_t>(header);
    encoded_ = {};
    uint8_t *end = planes_->write(out + header_size, room - header_size - checksum_size, encoded_);
    if (!end) return 0;
    const uint32_t checksum = libdeflate_adler32(1, in, size);
    for (int k = 0; k < 4; k++) end[k] = static_cast<uint8_t>(checksum >> (24 - 8 * k));
    return static_cast<size_t>(end + checksum_size - out);
  }

  Library &rival() { return rival_level(level_) ? rival_ : library_; }

  size_t by_library(Library &library, const uint8_t *in, size_t size, uint8_t *out, size_t room) {
    encoded_ = {};
    encoded_.library = size;
    return library.compress(in, size, out, room);
  }

  int level_;
  std::optional<deflate::PlaneEncoder> planes_;
  Library library_;
  Library rival_;
  EncodedBytes encoded_;
};

ZlibEncoder::ZlibEncoder(int level, Path path) : state_(std::make_unique<State>(level, path)) {}
ZlibEncoder::~ZlibEncoder() = default;
ZlibEncoder::ZlibEncoder(ZlibEncoder &&) noexcept = default;
ZlibEncoder &ZlibEncoder::operator=(ZlibEncoder &&) noexcept = default;

size_t ZlibEncoder::bound(size_t size) {
  const size_t blocks = size / deflate::unit_size + max_planes + 1;
  return std::max(libdeflate_zlib_compress_bound(nullptr, size),
                  size + blocks * stored_overhead + spare);
}

size_t ZlibEncoder::memory(int level) {
  if (!is_zlib_level(level)) return sizeof(State) + Library::memory(level);
  const size_t rival = rival_level(level) ? Library::memory(rival_level(level)) : 0;
  return sizeof(State) + Library::memory(library_level(level)) + rival +
         deflate::PlaneEncoder::memory();
}

size_t ZlibEncoder::compress(const uint8_t *in, size_t size, const Planes &planes, uint8_t *out,
                             size_t room) {
  return state_->compress(in, size, planes, out, room);
}

const EncodedBytes &ZlibEncoder::encoded() const { return state_->encoded(); }

}  // namespace hyperslab
