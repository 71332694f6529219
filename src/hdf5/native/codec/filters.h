/*
 * The filters of HDF5 that every reader has: shuffle, deflate, fletcher32.
 *
 *  1. Functions own nothing: `in` and `out` are the caller's and must not overlap.
 *  2. Functions may be called from any thread. A Deflater or Inflater serves one thread at a time.
 *  3. Sizes are bytes. `out` must be as large as each function says.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

struct libdeflate_compressor;
struct libdeflate_decompressor;

namespace hyperslab {

/*
 * Byte p of every item, then byte p + 1 of every item, …; what is left after the last whole item
 * stays at the end, as in H5Zshuffle.c. `out` holds `size` bytes.
 */
void shuffle(const uint8_t *in, size_t size, size_t item_size, uint8_t *out);
void unshuffle(const uint8_t *in, size_t size, size_t item_size, uint8_t *out);

/*
 * The checksum of H5_checksum_fletcher32 (H5checksum.c): over big-endian 16-bit words, an odd byte
 * at the end counting as the high half of a word.
 */
uint32_t fletcher32(const uint8_t *bytes, size_t size);

inline constexpr size_t fletcher32_size = 4;

/* Writes the checksum of `size` bytes behind them, little endian; 4 bytes of room are needed. */
void append_fletcher32(uint8_t *bytes, size_t size);

/*
 * Whether the last 4 of `size` bytes are the checksum of the rest. Like HDF5, takes the one with
 * swapped bytes, too, which releases before 1.6.3 wrote. False for fewer than 4 bytes.
 */
bool check_fletcher32(const uint8_t *bytes, size_t size);

inline constexpr int max_deflate_level = 12;

/* Deflate in the zlib format. Levels are libdeflate's: 0 (stored), 1 (fastest) to 12. */
class Deflater {
 public:
  /* Throws std::invalid_argument for an unknown level, std::bad_alloc. */
  explicit Deflater(int level);

  /* Room that the stream of `size` bytes needs at most; always above `size`. */
  static size_t bound(size_t size);
  /* Memory that a Deflater of this level holds, at most. */
  static size_t memory(int level);

  /* `out` holds bound(size) bytes. Returns the size of the stream. */
  size_t compress(const uint8_t *in, size_t size, uint8_t *out);

 private:
  struct Free {
    void operator()(libdeflate_compressor *compressor) const;
  };
  std::unique_ptr<libdeflate_compressor, Free> compressor_;
};

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
