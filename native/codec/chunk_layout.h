/*
 * What the chunks of a dataset look like: their shape, their filters, and which part of them lies
 * inside the dataset.
 *
 * Functions own nothing, keep no state, and may be called from any thread.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "codec/gather.h"

namespace hyperslab {

enum class FilterKind : uint8_t { shuffle, deflate, fletcher32 };

struct Filter {
  FilterKind kind;
  int level; /* of deflate */
};

/* The chunks of one dataset. */
struct ChunkLayout {
  size_t item_size;
  std::vector<uint64_t> chunk;  /* shape of a chunk, in elements */
  std::vector<uint64_t> extent; /* of the dataset, in elements */
  std::vector<uint8_t> fill;    /* one item: the value of elements outside the extent */
  std::vector<Filter> filters;  /* in the order of writing */
  bool skip_fill = false;       /* writers do not store chunks that hold nothing but `fill` */
};

/*
 * Returns the bytes of a chunk in memory. Throws std::out_of_range for a rank outside 1 to 32, an
 * extent with another number of axes, an empty item or chunk, a chunk that would take 4 GiB or more
 * when stored (HDF5's limit), a fill value that is not one item, more than 32 filters, or an
 * unknown deflate level.
 */
size_t check_layout(const ChunkLayout &layout);

/*
 * Whether a filter writes its output to another buffer: shuffle does nothing to items of one byte,
 * and fletcher32 only appends.
 */
bool copies(const ChunkLayout &layout, const Filter &filter);

/*
 * The chunk whose first element is `start`. Throws std::out_of_range unless a chunk of the extent
 * begins there.
 */
ChunkBox chunk_box(const ChunkLayout &layout, const std::vector<uint64_t> &start);

/* As in "[3, 4]", for error messages. */
std::string list_text(const uint64_t *values, size_t count);

}  // namespace hyperslab
