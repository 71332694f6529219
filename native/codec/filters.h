/*
 * Fletcher32 checksums and inflating. Shuffling is in kernels/, deflating in deflate/.
 *
 *  1. Functions own nothing: `in` and `out` are the caller's and must not overlap.
 *  2. Functions may be called from any thread. An Inflater serves one thread at a time.
 *  3. Sizes are bytes. `out` must be as large as each function says.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

struct libdeflate_decompressor;

namespace hyperslab {

inline constexpr size_t fletcher32_size = 4;

/*
 * Writes the fletcher32 checksum of `size` bytes behind them, little endian. The buffer must have 4
 * more bytes.
 */
void append_fletcher32(uint8_t *bytes, size_t size);

/*
 * Whether the last 4 of `size` bytes are the checksum of the rest. Like HDF5, also accepts the
 * checksum with swapped bytes that releases before 1.6.3 wrote. False for fewer than 4 bytes.
 */
bool check_fletcher32(const uint8_t *bytes, size_t size);

class Inflater {
 public:
  Inflater(); /* throws std::bad_alloc */

  static size_t memory();

  /*
   * Decompresses a zlib stream and returns the size of the result, or nothing if the stream is
   * damaged, cut off, or holds more than `room` bytes. Never writes more than `room` bytes.
   */
  std::optional<size_t> decompress(const uint8_t *in, size_t size, uint8_t *out, size_t room);

 private:
  struct Free {
    void operator()(libdeflate_decompressor *decompressor) const;
  };
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
};

}  // namespace hyperslab
