/*
 * What is left of the filters of HDF5 that every reader has: checking and inflating. Shuffling is
 * in kernels/, deflating in deflate/.
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
 * Writes the fletcher32 checksum of `size` bytes behind them, little endian; 4 bytes of room are
 * needed.
 */
void append_fletcher32(uint8_t *bytes, size_t size);

/*
 * Whether the last 4 of `size` bytes are the checksum of the rest. Like HDF5, takes the one with
 * swapped bytes, too, which releases before 1.6.3 wrote. False for fewer than 4 bytes.
 */
bool check_fletcher32(const uint8_t *bytes, size_t size);

class Inflater {
 public:
  Inflater(); /* throws std::bad_alloc */

  static size_t memory();

  /*
   * Returns the size of what the stream holds; nothing when it is damaged, cut off, or holds more
   * than `room` bytes. Never writes more than `room` bytes, whatever comes in.
   */
  std::optional<size_t> decompress(const uint8_t *in, size_t size, uint8_t *out, size_t room);

 private:
  struct Free {
    void operator()(libdeflate_decompressor *decompressor) const;
  };
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
};

}  // namespace hyperslab
