/*
 * The codec of the chunks of one dataset: gather and filter (together: encode), decode, and
 * compare.
 *
 *  1. A ChunkCodec owns its buffers. They are allocated when first needed and then reused; no
 *     buffer grows with the number of chunks.
 *  2. It serves one thread at a time. Different codecs may work on different threads at once.
 *  3. The results of encode(), gather() and filter() point into the codec or into a piece. They are
 *     valid until the next call, and as long as both exist.
 *  4. Pieces are trusted to stay within their memory (gather.h). Stored chunks are not trusted:
 *     whatever they hold, decode() stays within its buffers and either returns the chunk or throws
 *     ChunkError.
 *  5. std::bad_alloc is thrown when memory is short; the codec stays usable.
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

/* A stored chunk that can't be decoded, or pieces that do not hold each element of a chunk once. */
struct ChunkError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Encoded {
  const uint8_t *bytes;
  size_t size;
  uint32_t filter_mask; /* bit i: filter i was skipped */
  EncodedBytes deflated; /* how deflate coded it; `stored` if deflate was skipped */
};

/* A gathered chunk, before the filters. */
struct Gathered {
  const uint8_t *bytes; /* chunk_bytes() */
  bool planes; /* already shuffled, as the first filter would; else items in C order */
};

class ChunkCodec {
 public:
  /*
   * Throws std::out_of_range for a rank outside of 1 to 32, axes of unequal number, an empty chunk,
   * a chunk that would take 4 GiB or more when stored (HDF5's limit), a fill value that is not one
   * item, more than 32 filters, or an unknown level.
   */
  explicit ChunkCodec(ChunkLayout layout);

  /* The most bytes that a codec of this layout holds for encode(). Allocates next to nothing. */
  static uint64_t encoder_bytes(const ChunkLayout &layout);

  /* Bytes held now. */
  uint64_t bytes_held() const;

  /* Frees all buffers. They are allocated again when needed. */
  void release();

  const ChunkLayout &layout() const { return layout_; }
  /* Bytes of a chunk in memory. */
  size_t chunk_bytes() const { return chunk_bytes_; }

  /*
   * Encodes the chunk whose first element is `start`. Deflate is skipped, and its mask bit set, if
   * the stream would not be smaller than its input; so level 0 is always skipped. Throws
   * std::out_of_range if no chunk of the extent begins at `start`, ChunkError if the pieces do not
   * hold each of its elements once.
   */
  Encoded encode(const std::vector<Piece> &pieces, const std::vector<uint64_t> &start) {
    return filter(gather(pieces, start));
  }

  /*
   * The first half of encode(). Items are not copied if one piece already holds the chunk densely.
   * Throws as encode() does.
   */
  Gathered gather(const std::vector<Piece> &pieces, const std::vector<uint64_t> &start);

  /* The second half of encode(), for the last result of gather(). */
  Encoded filter(const Gathered &chunk);

  /* Whether every item of the chunk is the fill value, items outside the extent included. */
  bool is_fill(const Gathered &chunk) const;

  /*
   * Writes the decoded chunk, chunk_bytes() in C order, to `out`, which must not overlap with
   * `stored`. Throws ChunkError; `out` is then undefined.
   */
  void decode(const uint8_t *stored, size_t size, uint32_t filter_mask, uint8_t *out);

  /*
   * Gathers a chunk and compares it with a stored one, within the extent and byte by byte (so NaN
   * equals itself). Returns the C-order index in the chunk of the first element that differs, or
   * nothing if all are equal. Throws as encode() and decode() do.
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
