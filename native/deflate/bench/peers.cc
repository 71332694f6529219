#include "deflate/bench/peers.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <new>
#include <stdexcept>

namespace hyperslab {
namespace {

class Ours : public Encoder {
 public:
  Ours(int level, const Planes &planes, Path path) : planes_(planes), encoder_(level, path) {}

  size_t compress(const uint8_t *in, size_t size, uint8_t *out) override {
    return encoder_.compress(in, size, planes_, out, room_for(size));
  }

  EncodedBytes encoded() const override { return encoder_.encoded(); }

 private:
  Planes planes_;
  ZlibEncoder encoder_;
};

/* As H5Zdeflate.c calls zlib: with a new state for every chunk. */
class Zlib : public Encoder {
 public:
  explicit Zlib(int level) : level_(level) {}

  size_t compress(const uint8_t *in, size_t size, uint8_t *out) override {
    uLongf stream = room_for(size);
    return compress2(out, &stream, in, size, level_) == Z_OK ? stream : 0;
  }

 private:
  int level_;
};

class Libdeflate : public Encoder {
 public:
  explicit Libdeflate(int level) : compressor_(libdeflate_alloc_compressor(level)) {
    if (!compressor_) throw std::bad_alloc();
  }

  size_t compress(const uint8_t *in, size_t size, uint8_t *out) override {
    return libdeflate_zlib_compress(compressor_.get(), in, size, out, room_for(size));
  }

 private:
  struct Free {
    void operator()(libdeflate_compressor *compressor) const {
      libdeflate_free_compressor(compressor);
    }
  };
  std::unique_ptr<libdeflate_compressor, Free> compressor_;
};

}  // namespace

std::unique_ptr<Encoder> make_encoder(const std::string &name, int level, const Planes &planes,
                                      Path path) {
  if (level < 0 || level > 9)
    throw std::invalid_argument("Expected a level from 0 to 9 but received " +
                                std::to_string(level));
  if (name == "ours") return std::make_unique<Ours>(level, planes, path);
  if (name == "zlib") return std::make_unique<Zlib>(level);
  if (name == "libdeflate") return std::make_unique<Libdeflate>(level);
  throw std::invalid_argument("Expected ours, zlib or libdeflate for an encoder but received " +
                              name);
}

size_t room_for(size_t size) {
  return std::max({ZlibEncoder::bound(size), static_cast<size_t>(compressBound(size)),
                   libdeflate_zlib_compress_bound(nullptr, size)});
}

}  // namespace hyperslab
