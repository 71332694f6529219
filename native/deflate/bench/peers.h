/*
 * The encoders that are compared, with a common interface.
 *
 *  1. An Encoder owns its memory and serves one thread at a time.
 *  2. `in` and `out` are the caller's and must not overlap; `out` holds room_for(size) bytes.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "deflate/encoder.h"

namespace hyperslab {

class Encoder {
 public:
  virtual ~Encoder() = default;
  /* Returns the size of the zlib stream, or 0 on failure. */
  virtual size_t compress(const uint8_t *in, size_t size, uint8_t *out) = 0;
  /* All zeros for other encoders. */
  virtual EncodedBytes encoded() const { return {}; }
};

/* "ours", "zlib" or "libdeflate". Throws std::invalid_argument for another name or level. */
std::unique_ptr<Encoder> make_encoder(const std::string &name, int level, const Planes &planes,
                                      Path path);

/* Room that suffices for every encoder. */
size_t room_for(size_t size);

}  // namespace hyperslab
