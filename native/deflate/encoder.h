/*
 * An encoder of zlib streams (RFC 1950, 1951) for chunks whose bytes were shuffled. This is the
 * only header that users of the library include; README.md explains how it works.
 *
 * HDF5's shuffle filter turns a chunk into byte planes: the lowest bytes of all items, then the
 * next ones, up to the highest. Each plane is data of its own kind, so the encoder codes each in
 * the way that suits it: as literals alone, as runs, with a search for matches, or stored. A chunk
 * in which matches save much nearly everywhere is left to libdeflate, which is best at that.
 *
 * Rules
 *  1. Ownership. A ZlibEncoder owns all its memory, at most memory(level) bytes. compress() borrows
 *     `in` and `out` until it returns and keeps nothing of them. Memory is allocated by the
 *     constructor and when libdeflate is needed for the first time; how much does not depend on the
 *     size of chunks.
 *  2. Lifetime. Encoders can be moved, not copied. One that was moved from may only be destroyed or
 *     assigned to. encoded() is a reference into the encoder, and changes with the next compress().
 *  3. Threads. An encoder serves one thread at a time; different encoders may work on different
 *     threads at once. bound() and memory() may be called from any thread.
 *  4. Bounds. compress() reads `size` bytes of `in`, writes at most `room` bytes of `out`, and
 *     needs no alignment. The two must not overlap. bound(size) is always room enough.
 *  5. Errors. A stream that does not fit is the result 0, never an exception, and the encoder stays
 *     usable. std::bad_alloc is thrown when memory is short; the encoder stays usable then, too.
 *  6. Same input, same stream. The stream depends on the bytes, the level and the planes alone: not
 *     on the instruction set, the machine, or the chunks before. A room below bound(size) gives the
 *     same stream or none. Chunks that are left to libdeflate are the same for one release of it.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "cpu/path.h"

namespace hyperslab {

inline constexpr size_t max_planes = 16;

/* How the bytes of a chunk lie. A wrong description costs size and time, nothing else. */
struct Planes {
  /*
   * The number of planes. All have size / count bytes; bytes that are left over lie behind the last
   * one. 0 means that the bytes are not in planes; such chunks, and those of more than max_planes,
   * are left to libdeflate.
   */
  size_t count = 0;
  /* Bytes that one row of the chunk has in a plane, or 0: a distance at which runs may pay. */
  size_t row = 0;
};

/* How the bytes of a chunk were coded, in bytes of input; the five numbers add up to the chunk. */
struct EncodedBytes {
  uint64_t literals = 0; /* as literals alone */
  uint64_t runs = 0;     /* as literals and runs */
  uint64_t matches = 0;  /* as literals and matches */
  uint64_t stored = 0;   /* uncompressed */
  uint64_t library = 0;  /* by libdeflate */

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
   * Level 0 stores; 1 (fastest) to 9 (smallest) mean about what they mean to zlib; 10 to 12 are
   * libdeflate's own. `path` is the instruction set to use, one of paths(). Throws
   * std::invalid_argument for an unknown level.
   */
  explicit ZlibEncoder(int level, Path path = best_path());
  ~ZlibEncoder();
  ZlibEncoder(ZlibEncoder &&) noexcept;
  ZlibEncoder &operator=(ZlibEncoder &&) noexcept;

  /*
   * A room in which compress() always succeeds: the longest stream of `size` bytes and some bytes
   * to work in. Bytes that do not shrink take 6 more for every 8 KiB of a plane and for what a
   * plane has beyond that.
   */
  static size_t bound(size_t size);

  /* Bytes of memory that an encoder of this level holds at most. */
  static size_t memory(int level);

  /*
   * Writes the zlib stream of `in` to `out` and returns its size. Returns 0 when it does not fit
   * into `room` bytes; `out` is then undefined. The encoder needs some bytes to work in, so a
   * stream that is shorter than `room` by less than about 100 bytes may be refused, unless `room`
   * is bound(size).
   */
  size_t compress(const uint8_t *in, size_t size, const Planes &planes, uint8_t *out, size_t room);

  /* How the last chunk was coded. Undefined after compress() returned 0. */
  const EncodedBytes &encoded() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace hyperslab
