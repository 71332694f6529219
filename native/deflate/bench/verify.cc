#include "deflate/bench/verify.h"

#include <libdeflate.h>
#include <zlib.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace hyperslab {
namespace {

struct Free {
  void operator()(libdeflate_decompressor *decompressor) const {
    libdeflate_free_decompressor(decompressor);
  }
};

void check(bool good, const char *decoder, size_t size) {
  if (!good)
    throw std::runtime_error("Expected " + std::string(decoder) +
                             " to get the chunk from its stream of " + std::to_string(size) +
                             " bytes but received something else");
}

}  // namespace

void verify_stream(const uint8_t *stream, size_t size, const std::vector<uint8_t> &expected) {
  /* Filled with other bytes, so that bytes that are not written are noticed. */
  std::vector<uint8_t> found(expected.size(), static_cast<uint8_t>(~expected.front()));
  uLongf got = found.size();
  uLong used = size;
  const int status = uncompress2(found.data(), &got, stream, &used);
  check(status == Z_OK && got == expected.size() && used == size && found == expected, "zlib",
        size);

  found.assign(expected.size(), static_cast<uint8_t>(~expected.front()));
  const std::unique_ptr<libdeflate_decompressor, Free> decompressor(
      libdeflate_alloc_decompressor());
  size_t took = 0;
  /* Without a pointer for the size, only streams that fill `found` succeed. */
  const libdeflate_result result = libdeflate_zlib_decompress_ex(
      decompressor.get(), stream, size, found.data(), found.size(), &took, nullptr);
  check(result == LIBDEFLATE_SUCCESS && took == size && found == expected, "libdeflate", size);
}

}  // namespace hyperslab
