/* Independent decoders of zlib streams. Any thread may call. */
#pragma once

#include <libdeflate.h>
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace decoders {

/*
 * Whether zlib decodes the stream to exactly the `size` bytes of `expected`, and reads all of it.
 * zlib gets more room than that, so that longer results are noticed.
 */
inline bool zlib_gets(const uint8_t *stream, size_t stream_size, const uint8_t *expected,
                      size_t size) {
  std::vector<uint8_t> found(size + 1);
  uLongf got = found.size();
  uLong used = stream_size;
  return uncompress2(found.data(), &got, stream, &used) == Z_OK && used == stream_size &&
         got == size && (size == 0 || std::memcmp(found.data(), expected, size) == 0);
}

/* The same for libdeflate. */
inline bool libdeflate_gets(const uint8_t *stream, size_t stream_size, const uint8_t *expected,
                            size_t size) {
  struct Free {
    void operator()(libdeflate_decompressor *decompressor) const {
      libdeflate_free_decompressor(decompressor);
    }
  };
  const std::unique_ptr<libdeflate_decompressor, Free> decompressor(
      libdeflate_alloc_decompressor());
  std::vector<uint8_t> found(size + 1);
  size_t used = 0, got = 0;
  return libdeflate_zlib_decompress_ex(decompressor.get(), stream, stream_size, found.data(),
                                       found.size(), &used, &got) == LIBDEFLATE_SUCCESS &&
         used == stream_size && got == size &&
         (size == 0 || std::memcmp(found.data(), expected, size) == 0);
}

}  // namespace decoders
