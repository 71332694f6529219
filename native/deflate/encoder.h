/*
 * Deflate in the zlib format (RFC 1950, 1951) for chunks whose bytes are shuffled.
 *
 * After the shuffle filter a chunk is byte planes: the low bytes of all items, then the next, up to
 * the high bytes. Each plane is a kind of data of its own, and the encoder treats it so: a plane is
 * coded in blocks, each as what is smallest of literals alone, runs at the distances that pay (1,
 * the length of a row, what a probe found), matches, or stored bytes. Where matches rule the whole
 * chunk, it is left to libdeflate, which is best at that.
 *
 *  1. A ZlibEncoder owns its memory, which does not depend on the size of chunks. Nothing else
 *     allocates.
 *  2. It serves one thread at a time; different encoders may work on different threads at once.
 *  3. The same bytes, level and planes give the same stream, on every path and machine, in a room
 *     of bound(size): nothing is kept from one chunk to the next, and no decision depends on
 *     floating point. (Of chunks that are left to libdeflate: for one release of it.)
 *  4. `in` and `out` are the caller's and must not overlap. Never writes more than `room` bytes.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "cpu/path.h"

namespace hyperslab {

/* How the bytes of a chunk lie. */
struct Planes {
  /*
   * Planes, of equal length; bytes that are left over lie behind the last one. 0 where bytes do not
   * lie in planes; such chunks, and those of more than max_planes, are left to libdeflate.
   */
  size_t count = 0;
  size_t row = 0; /* bytes that a row of the chunk has in a plane; 0 where there are no rows */
};

inline constexpr size_t max_planes = 16;

/* What became of the bytes of a chunk, in bytes of input. */
struct EncodedBytes {
  uint64_t literals = 0; /* of blocks of literals alone */
  uint64_t runs = 0;     /* of blocks with runs */
  uint64_t matches = 0;  /* of blocks with matches */
  uint64_t stored = 0;   /* of stored blocks */
  uint64_t library = 0;  /* of chunks that were left to libdeflate */

  EncodedBytes &operator+=(const EncodedBytes &other) {
    literals += other.literals;
    runs += other.runs;
    matches += other.matches;
    stored += other.stored;
    library += other.library;
    return *this;
  }
};

inline constexpr int max_deflate_level = 12;

class ZlibEncoder {
 public:
  /*
   * Levels: 0 stores; 1 (fastest) to 9 (smallest) are those of zlib in meaning; 10 to 12 are
   * libdeflate's. Throws std::invalid_argument for an unknown level, std::bad_alloc.
   */
  explicit ZlibEncoder(int level, Path path = best_path());
  ~ZlibEncoder();
  ZlibEncoder(ZlibEncoder &&) noexcept;
  ZlibEncoder &operator=(ZlibEncoder &&) noexcept;

  /*
   * Room with which compress() always succeeds: the longest stream of `size` bytes, and a few more.
   * Of bytes that do not shrink each 8 KiB, and what a plane has beyond that, may take 6 bytes
   * more.
   */
  static size_t bound(size_t size);

  /* Memory that an encoder of this level holds, at most. */
  static size_t memory(int level);

  /*
   * Returns the size of the stream, or 0 where it would not fit into `room` bytes; then `out` holds
   * anything. The encoder wants some bytes to work in: a room below bound(size) may be refused
   * although the stream would have been some 100 bytes shorter than it.
   */
  size_t compress(const uint8_t *in, size_t size, const Planes &planes, uint8_t *out, size_t room);

  /* Of the last chunk that compress() returned the size of. */
  const EncodedBytes &encoded() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace hyperslab
