#include "codec/gather.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <type_traits>

namespace hyperslab {
namespace {

/* One level of the copy: n times, walking the memory of the piece and the chunk side by side. */
struct Loop {
  uint64_t n;
  int64_t step;         /* bytes in the piece */
  const int32_t *table; /* or the offsets themselves */
  size_t to;            /* bytes in the chunk */

  int64_t at(uint64_t i) const {
    return table ? table[i] : static_cast<int64_t>(i) * step;
  }
};

/*
 * Copies the two innermost loops. Which kernel fits is decided once per piece and chunk, so a
 * kernel for a certain machine has one place to come in: choose().
 */
using Kernel = void (*)(const uint8_t *from, uint8_t *to, const Loop &outer, const Loop &inner,
                        size_t item);

struct Copy {
  const uint8_t *from;
  uint8_t *to;
  Loop loops[max_rank + 1]; /* innermost first */
  size_t rank;
  uint64_t elements;
};

/* False when the piece has nothing of the chunk. */
bool intersect(const Piece &piece, const ChunkBox &box, size_t item, uint8_t *out, Copy &copy) {
  int64_t from = 0;
  size_t to = 0;
  size_t stride = item;
  copy.rank = 0;
  copy.elements = 1;
  for (size_t d = box.rank; d-- > 0;) {
    const PieceAxis &axis = piece.axes[d];
    const uint64_t low = std::max(axis.start, box.start[d]);
    const uint64_t high = std::min(axis.start + axis.count, box.start[d] + box.inside[d]);
    if (low >= high) return false;
    const uint64_t n = high - low;
    const uint64_t first = low - axis.start;
    copy.elements *= n;
    to += static_cast<size_t>(low - box.start[d]) * stride;
    Loop loop{n, axis.step, nullptr, stride};
    if (n == 1) {
      from += axis.table ? axis.table[first] : static_cast<int64_t>(first) * axis.step;
    } else if (axis.table) {
      loop.table = axis.table + first;
    } else {
      from += static_cast<int64_t>(first) * axis.step;
    }
    stride *= static_cast<size_t>(box.shape[d]);
    if (n == 1) continue;
    Loop *last = copy.rank ? &copy.loops[copy.rank - 1] : nullptr;
    if (last && !last->table && !loop.table && last->to * last->n == loop.to &&
        last->step * static_cast<int64_t>(last->n) == loop.step)
      last->n *= n;
    else
      copy.loops[copy.rank++] = loop;
  }
  if (copy.rank == 0) copy.loops[copy.rank++] = {1, static_cast<int64_t>(item), nullptr, item};
  copy.from = piece.origin + from;
  copy.to = out + to;
  return true;
}

bool is_dense(const Loop &loop, size_t item) {
  return !loop.table && loop.step == static_cast<int64_t>(item) && loop.to == item;
}

template <typename T>
T reversed(T value) {
  if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
  if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
  if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
  return value;
}

template <typename T, bool Swap>
inline void move_item(const uint8_t *from, uint8_t *to) {
  T value;
  std::memcpy(&value, from, sizeof value);
  if constexpr (Swap) value = reversed(value);
  std::memcpy(to, &value, sizeof value);
}

void copy_runs(const uint8_t *from, uint8_t *to, const Loop &outer, const Loop &inner,
               size_t item) {
  for (uint64_t j = 0; j < outer.n; j++)
    std::memcpy(to + j * outer.to, from + outer.at(j), inner.n * item);
}

/*
 * The three kinds of row. Bounds and steps come by value: stores through byte pointers could change
 * anything that is only referred to, which would make the compiler load it again for each item.
 */
template <typename T, bool Swap>
void copy_dense_row(const uint8_t *__restrict from, uint8_t *__restrict to, size_t n) {
  for (size_t i = 0; i < n; i++)
    move_item<T, Swap>(from + i * sizeof(T), to + i * sizeof(T));
}

template <typename T, bool Swap>
void copy_table_row(const uint8_t *__restrict from, const int32_t *__restrict table,
                    uint8_t *__restrict to, size_t stride, size_t n) {
  for (size_t i = 0; i < n; i++) move_item<T, Swap>(from + table[i], to + i * stride);
}

template <typename T, bool Swap>
void copy_strided_row(const uint8_t *__restrict from, int64_t step, uint8_t *__restrict to,
                      size_t stride, size_t n) {
  for (size_t i = 0; i < n; i++)
    move_item<T, Swap>(from + static_cast<int64_t>(i) * step, to + i * stride);
}

template <typename T, bool Swap>
void copy_rows(const uint8_t *from, uint8_t *to, const Loop &outer, const Loop &inner, size_t) {
  const bool dense = is_dense(inner, sizeof(T));
  for (uint64_t j = 0; j < outer.n; j++) {
    const uint8_t *row = from + outer.at(j);
    uint8_t *out = to + j * outer.to;
    if (dense)
      copy_dense_row<T, Swap>(row, out, inner.n);
    else if (inner.table)
      copy_table_row<T, Swap>(row, inner.table, out, inner.to, inner.n);
    else
      copy_strided_row<T, Swap>(row, inner.step, out, inner.to, inner.n);
  }
}

/*
 * For memory that runs along the outer loop (one file per channel): tiles go through a small dense
 * buffer, so that reads and writes are both runs. Without it, rows that are a power of two apart
 * fall into the same few sets of the cache.
 */
template <typename T, bool Swap>
void copy_tiles(const uint8_t *from, uint8_t *to, const Loop &outer, const Loop &inner, size_t) {
  constexpr size_t size = sizeof(T);
  constexpr size_t side = size == 8 ? 32 : 64;
  T tile[side][side];
  const bool runs = outer.step == static_cast<int64_t>(size);
  for (uint64_t i0 = 0; i0 < inner.n; i0 += side) {
    const size_t width = static_cast<size_t>(std::min<uint64_t>(side, inner.n - i0));
    for (uint64_t j0 = 0; j0 < outer.n; j0 += side) {
      const size_t height = static_cast<size_t>(std::min<uint64_t>(side, outer.n - j0));
      const uint8_t *corner = from + outer.at(j0);
      for (size_t i = 0; i < width; i++) {
        const uint8_t *column = corner + inner.at(i0 + i);
        if (runs && height == side) {
          std::memcpy(tile[i], column, sizeof tile[i]);
        } else {
          for (size_t j = 0; j < height; j++, column += outer.step)
            std::memcpy(&tile[i][j], column, size);
        }
      }
      uint8_t *out = to + j0 * outer.to + i0 * inner.to;
      for (size_t j = 0; j < height; j++, out += outer.to)
        copy_strided_row<T, Swap>(reinterpret_cast<const uint8_t *>(&tile[0][j]), sizeof tile[0],
                                  out, inner.to, width);
    }
  }
}

void copy_items(const uint8_t *from, uint8_t *to, const Loop &outer, const Loop &inner,
                size_t item) {
  for (uint64_t j = 0; j < outer.n; j++)
    for (uint64_t i = 0; i < inner.n; i++)
      std::memcpy(to + j * outer.to + i * inner.to, from + outer.at(j) + inner.at(i), item);
}

template <typename T>
Kernel choose_sized(bool swap, bool tiles) {
  if constexpr (sizeof(T) == 1) swap = false;
  if (tiles) return swap ? copy_tiles<T, true> : copy_tiles<T, false>;
  return swap ? copy_rows<T, true> : copy_rows<T, false>;
}

Kernel choose(size_t item, bool swap, bool dense, bool tiles) {
  if (dense && (!swap || item == 1)) return copy_runs;
  switch (item) {
    case 1: return choose_sized<uint8_t>(swap, tiles);
    case 2: return choose_sized<uint16_t>(swap, tiles);
    case 4: return choose_sized<uint32_t>(swap, tiles);
    case 8: return choose_sized<uint64_t>(swap, tiles);
    default: return copy_items;
  }
}

/* How far apart neighbours lie in memory, on average. */
uint64_t spread(const Loop &loop) {
  const int64_t whole = loop.at(loop.n - 1) - loop.at(0);
  return static_cast<uint64_t>(whole < 0 ? -whole : whole) / (loop.n - 1);
}

/* The loop to pair with the innermost one in tiles: the one along which memory runs; 0 for none. */
size_t find_run(const Copy &copy) {
  size_t best = 0;
  uint64_t least = spread(copy.loops[0]);
  for (size_t k = 1; k < copy.rank; k++) {
    if (copy.loops[k].table || spread(copy.loops[k]) >= least) continue;
    best = k;
    least = spread(copy.loops[k]);
  }
  return best;
}

struct Walk {
  Kernel kernel;
  size_t item;
  Loop outer;
  Loop inner;
  const Loop *rest[max_rank];
  size_t depth = 0;

  void run(size_t level, const uint8_t *from, uint8_t *to) const {
    if (level == 0) return kernel(from, to, outer, inner, item);
    const Loop &loop = *rest[level - 1];
    for (uint64_t i = 0; i < loop.n; i++) run(level - 1, from + loop.at(i), to + i * loop.to);
  }
};

void perform(const Copy &copy, size_t item, bool swap) {
  Walk walk;
  walk.item = item;
  walk.inner = copy.loops[0];
  walk.outer = {1, 0, nullptr, 0};
  const bool dense = is_dense(walk.inner, item);
  const size_t run = dense || copy.rank < 2 ? 0 : find_run(copy);
  const size_t pair = run ? run : 1;
  for (size_t k = 1; k < copy.rank; k++) {
    if (k == pair)
      walk.outer = copy.loops[k];
    else
      walk.rest[walk.depth++] = &copy.loops[k];
  }
  walk.kernel = choose(item, swap, dense, run != 0);
  walk.run(walk.depth, copy.from, copy.to);
}

}  // namespace

uint64_t gather(const std::vector<Piece> &pieces, const ChunkBox &box, size_t item_size,
                uint8_t *out) {
  uint64_t elements = 0;
  Copy copy;
  for (const Piece &piece : pieces) {
    if (!intersect(piece, box, item_size, out, copy)) continue;
    perform(copy, item_size, piece.swap);
    elements += copy.elements;
  }
  return elements;
}

const uint8_t *find_dense(const std::vector<Piece> &pieces, const ChunkBox &box,
                          size_t item_size) {
  uint64_t elements = 1;
  for (size_t d = 0; d < box.rank; d++) elements *= box.shape[d];
  Copy copy;
  for (const Piece &piece : pieces) {
    if (!intersect(piece, box, item_size, nullptr, copy)) continue;
    const bool whole = copy.elements == elements && copy.rank == 1 &&
                       is_dense(copy.loops[0], item_size) && copy.loops[0].n == elements;
    const bool as_is = !piece.shared && (!piece.swap || item_size == 1);
    return whole && as_is ? copy.from : nullptr;
  }
  return nullptr;
}

void fill_items(uint8_t *out, size_t bytes, const uint8_t *value, size_t item_size) {
  if (std::all_of(value, value + item_size, [&](uint8_t byte) { return byte == value[0]; })) {
    std::memset(out, value[0], bytes);
    return;
  }
  if (bytes == 0) return;
  std::memcpy(out, value, item_size);
  for (size_t done = item_size; done < bytes;) {
    const size_t part = std::min(done, bytes - done);
    std::memcpy(out + done, out, part);
    done += part;
  }
}

}  // namespace hyperslab
