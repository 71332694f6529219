/*
 * The codec of one dataset's chunks: gather and filter (together: encode), the way back (decode),
 * and the comparison of the two.
 *
 *  1. A ChunkCodec owns its buffers. They are allocated when first needed and then reused; none
 *     grows with the number of chunks.
 *  2. It serves one thread at a time. Different codecs may work on different threads at once.
 *  3. What encode() and its halves return points into the codec or into a piece, until the next
 *     call or the end of the codec or of the pieces.
 *  4. Pieces are trusted to stay within their memory (see gather.h); stored chunks are not:
 *     whatever they hold, decode() stays within its buffers and either returns the chunk or throws
 *     ChunkError.
 *  5. Where memory is short, std::bad_alloc is thrown and the codec stays usable.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <vector>

#include "codec/buffer.h"
#include "codec/chunk_layout.h"
#include "codec/filters.h"
#include "codec/gather.h"
#include "deflate/encoder.h"

namespace hyperslab {

/* A stored chunk, or pieces that leave a gap in one. */
struct ChunkError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Encoded {
  const uint8_t *bytes;
  size_t size;
  uint32_t filter_mask; /* bit i: filter i was skipped */
  EncodedBytes deflated; /* what deflate made of it, if it was there; stored where it was skipped */
};

/* A chunk before it is filtered. */
struct Gathered {
  const uint8_t *bytes; /* chunk_bytes() */
  bool planes; /* shuffled already, for the first filter; else items in C order */
};

class ChunkCodec {
 public:
  /*
   * Throws std::out_of_range for a rank outside of 1 to 32, axes of unequal number, an empty chunk,
   * a chunk that would take 4 GiB or more when stored (HDF5's limit), a fill value that is not one
   * item, more than 32 filters, or an unknown level.
   */
  explicit ChunkCodec(ChunkLayout layout);

  /* Bytes that encode() makes a codec of this layout hold, at most. Allocates nothing of note. */
  static uint64_t encoder_bytes(const ChunkLayout &layout);

  /* Bytes held now. */
  uint64_t bytes_held() const;

  /* Frees all buffers; they are allocated again when they are needed. */
  void release();

  const ChunkLayout &layout() const { return layout_; }
  /* Bytes of a chunk in memory. */
  size_t chunk_bytes() const { return chunk_bytes_; }

  /*
   * Encodes the chunk whose first element is `start`. Deflate is skipped, and its mask bit set,
   * where the stream would not be smaller than what goes in; so level 0 is always skipped.
   * Throws std::out_of_range when `start` is no chunk of the extent, ChunkError when the pieces do
   * not hold each of its elements once.
   */
  Encoded encode(const std::vector<Piece> &pieces, const std::vector<uint64_t> &start) {
    return filter(gather(pieces, start));
  }

  /*
   * The first half of encode(). Items stay where they lie when a piece already holds the chunk so.
   * Throws as encode() does.
   */
  Gathered gather(const std::vector<Piece> &pieces, const std::vector<uint64_t> &start);

  /* The second half, for what gather() returned last. */
  Encoded filter(const Gathered &chunk);

  /* Whether every item of the chunk, those outside of the extent included, is the fill value. */
  bool is_fill(const Gathered &chunk) const;

  /*
   * Writes the chunk, chunk_bytes() in C order, to `out`, which must not overlap with `stored`.
   * Throws ChunkError; what `out` then holds is not defined.
   */
  void decode(const uint8_t *stored, size_t size, uint32_t filter_mask, uint8_t *out);

  /*
   * Gathers the chunk and compares it with a stored one, within the extent and byte by byte (so
   * NaN equals itself). Returns the C-order index within the chunk of the first element that
   * differs, or nothing. Throws as encode() and decode() do.
   */
  std::optional<uint64_t> difference(const std::vector<Piece> &pieces,
                                     const std::vector<uint64_t> &start, const uint8_t *stored,
                                     size_t size, uint32_t filter_mask);

 private:
  /* One of the two buffers of encode(). */
  uint8_t *room(int k) { return encode_[k].need(encode_room_[k]); }
  size_t items() const { return chunk_bytes_ / layout_.item_size; }
  bool shuffles_first() const;
  void gather_items(const std::vector<Piece> &pieces, const ChunkBox &box, uint8_t *out) const;
  std::optional<uint64_t> first_difference(const ChunkBox &box, const uint8_t *expected,
                                           const uint8_t *found) const;
  ZlibEncoder &encoder(size_t filter);

  ChunkLayout layout_;
  size_t chunk_bytes_;
  size_t encode_room_[2]; /* bytes that encode() needs of each buffer */
  Buffer encode_[2];
  Buffer decode_[2];
  Buffer found_;
  std::vector<std::optional<ZlibEncoder>> encoders_; /* one a filter */
  std::optional<Inflater> inflater_;
};

}  // namespace hyperslab
