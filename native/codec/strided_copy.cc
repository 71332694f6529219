#include "codec/strided_copy.h"

#include <algorithm>
#include <cstring>

#include "kernels/swap.h"

namespace hyperslab {
namespace {

/*
 * Copies the two innermost loops. choose() decides once a copy which kernel fits, so a kernel for a
 * certain machine would be added there.
 */
using Kernel = void (*)(const uint8_t *from, uint8_t *to, const Loop &outer, const Loop &inner,
                        size_t item);

bool is_run(const Stride &stride, size_t item) {
  return !stride.table && stride.step == static_cast<int64_t>(item);
}

bool is_run(const Loop &loop, size_t item) {
  return is_run(loop.from, item) && is_run(loop.to, item);
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
    std::memcpy(to + outer.to.at(j), from + outer.from.at(j), inner.n * item);
}

void swap_runs(const uint8_t *from, uint8_t *to, const Loop &outer, const Loop &inner,
               size_t item) {
  for (uint64_t j = 0; j < outer.n; j++)
    swap_items(from + outer.from.at(j), inner.n, item, to + outer.to.at(j));
}

/* How the items of a row are found. */
enum class Way { run, step, table };

template <Way way>
inline int64_t place(size_t item, int64_t step, const int32_t *table, size_t i) {
  if constexpr (way == Way::run) return static_cast<int64_t>(i * item);
  if constexpr (way == Way::table) return table[i] * step;
  return static_cast<int64_t>(i) * step;
}

/*
 * Copies one row. Bounds and steps are passed by value: stores through byte pointers may change
 * anything that is passed by reference, so the compiler would load it again for each item.
 */
template <typename T, bool Swap, Way Read, Way Written>
void copy_row(const uint8_t *__restrict from, int64_t from_step,
              const int32_t *__restrict from_table, uint8_t *__restrict to, int64_t to_step,
              const int32_t *__restrict to_table, size_t n) {
  for (size_t i = 0; i < n; i++)
    move_item<T, Swap>(from + place<Read>(sizeof(T), from_step, from_table, i),
                       to + place<Written>(sizeof(T), to_step, to_table, i));
}

template <typename T, bool Swap, Way Read>
void copy_row_from(const uint8_t *from, const Stride &read, uint8_t *to, const Stride &written,
                   size_t n) {
  if (is_run(written, sizeof(T)))
    copy_row<T, Swap, Read, Way::run>(from, read.step, read.table, to, written.step, nullptr, n);
  else if (!written.table)
    copy_row<T, Swap, Read, Way::step>(from, read.step, read.table, to, written.step, nullptr, n);
  else
    copy_row<T, Swap, Read, Way::table>(from, read.step, read.table, to, written.step,
                                        written.table, n);
}

template <typename T, bool Swap>
void copy_rows(const uint8_t *from, uint8_t *to, const Loop &outer, const Loop &inner, size_t) {
  const auto copy = inner.from.table                ? copy_row_from<T, Swap, Way::table>
                    : is_run(inner.from, sizeof(T)) ? copy_row_from<T, Swap, Way::run>
                                                    : copy_row_from<T, Swap, Way::step>;
  for (uint64_t j = 0; j < outer.n; j++)
    copy(from + outer.from.at(j), inner.from, to + outer.to.at(j), inner.to, inner.n);
}

/*
 * For memory that runs along the outer loop (one file per channel). Tiles are copied through a
 * small dense buffer, so that both reads and writes are runs. Without it, rows that are a power of
 * two apart fall into the same few cache sets.
 */
template <typename T, bool Swap>
void copy_tiles(const uint8_t *from, uint8_t *to, const Loop &outer, const Loop &inner, size_t) {
  constexpr size_t size = sizeof(T);
  constexpr size_t side = size == 8 ? 32 : 64;
  T tile[side][side];
  const bool runs = is_run(outer.from, size);
  for (uint64_t i0 = 0; i0 < inner.n; i0 += side) {
    const size_t width = static_cast<size_t>(std::min<uint64_t>(side, inner.n - i0));
    int64_t left = 0;
    const Stride written = inner.to.skip(i0, left);
    for (uint64_t j0 = 0; j0 < outer.n; j0 += side) {
      const size_t height = static_cast<size_t>(std::min<uint64_t>(side, outer.n - j0));
      const uint8_t *corner = from + outer.from.at(j0);
      for (size_t i = 0; i < width; i++) {
        const uint8_t *column = corner + inner.from.at(i0 + i);
        if (runs && height == side) {
          std::memcpy(tile[i], column, sizeof tile[i]);
        } else {
          for (size_t j = 0; j < height; j++, column += outer.from.step)
            std::memcpy(&tile[i][j], column, size);
        }
      }
      for (size_t j = 0; j < height; j++)
        copy_row_from<T, Swap, Way::step>(reinterpret_cast<const uint8_t *>(&tile[0][j]),
                                          {sizeof tile[0]}, to + left + outer.to.at(j0 + j),
                                          written, width);
    }
  }
}

void copy_items(const uint8_t *from, uint8_t *to, const Loop &outer, const Loop &inner,
                size_t item) {
  for (uint64_t j = 0; j < outer.n; j++)
    for (uint64_t i = 0; i < inner.n; i++)
      std::memcpy(to + outer.to.at(j) + inner.to.at(i), from + outer.from.at(j) + inner.from.at(i),
                  item);
}

template <typename T>
Kernel choose_sized(bool swap, bool tiles) {
  if constexpr (sizeof(T) == 1) swap = false;
  if (tiles) return swap ? copy_tiles<T, true> : copy_tiles<T, false>;
  return swap ? copy_rows<T, true> : copy_rows<T, false>;
}

Kernel choose(size_t item, bool swap, bool dense, bool tiles) {
  if (dense) return swap && item > 1 ? swap_runs : copy_runs;
  switch (item) {
    case 1: return choose_sized<uint8_t>(swap, tiles);
    case 2: return choose_sized<uint16_t>(swap, tiles);
    case 4: return choose_sized<uint32_t>(swap, tiles);
    case 8: return choose_sized<uint64_t>(swap, tiles);
    default: return copy_items;
  }
}

/* The average distance of neighbours where they are read. */
uint64_t spread(const Loop &loop) {
  const int64_t whole = loop.from.at(loop.n - 1) - loop.from.at(0);
  return static_cast<uint64_t>(whole < 0 ? -whole : whole) / (loop.n - 1);
}

/*
 * The loop to pair with the innermost one in tiles: the one along which the memory that is read
 * runs, or 0 if there is none. A loop that stays in place (a step of 0) does not count.
 */
size_t find_run(const Loop *loops, size_t rank) {
  size_t best = 0;
  uint64_t least = spread(loops[0]);
  for (size_t k = 1; k < rank; k++) {
    if (loops[k].from.table || loops[k].from.step == 0 || spread(loops[k]) >= least) continue;
    best = k;
    least = spread(loops[k]);
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
    for (uint64_t i = 0; i < loop.n; i++)
      run(level - 1, from + loop.from.at(i), to + loop.to.at(i));
  }
};

}  // namespace

bool reach(const Stride &stride, uint64_t n, int64_t &low, int64_t &high) {
  int64_t least = 0, most = static_cast<int64_t>(n - 1);
  if (stride.table) {
    const auto range = std::minmax_element(stride.table, stride.table + n);
    least = *range.first;
    most = *range.second;
  }
  if (__builtin_mul_overflow(least, stride.step, &least) ||
      __builtin_mul_overflow(most, stride.step, &most))
    return false;
  if (least > most) std::swap(least, most);
  return !__builtin_add_overflow(low, least, &low) && !__builtin_add_overflow(high, most, &high);
}

Stride untabled(const Stride &stride, uint64_t n, int64_t &offset) {
  const int32_t *table = stride.table;
  if (!table || n < 2) return stride;
  const int64_t apart = static_cast<int64_t>(table[1]) - table[0];
  for (uint64_t i = 2; i < n; i++)
    if (table[i] != table[i - 1] + apart) return stride;
  offset += table[0] * stride.step;
  return {apart * stride.step};
}

void StridedCopy::add_axis(uint64_t n, const Stride &from, const Stride &to) {
  elements_ *= n;
  if (n == 1) {
    from_ += from.at(0);
    to_ += to.at(0);
    return;
  }
  const auto goes_on = [](const Stride &inner, uint64_t times, const Stride &outer) {
    return !inner.table && !outer.table && inner.step * static_cast<int64_t>(times) == outer.step;
  };
  Loop *last = rank_ ? &loops_[rank_ - 1] : nullptr;
  if (last && goes_on(last->from, last->n, from) && goes_on(last->to, last->n, to))
    last->n *= n;
  else
    loops_[rank_++] = {n, from, to};
}

bool StridedCopy::is_dense() const {
  return rank_ == 0 || (rank_ == 1 && is_run(loops_[0], item_));
}

void StridedCopy::run(const uint8_t *from, uint8_t *to, bool swap) const {
  const int64_t item = static_cast<int64_t>(item_);
  Walk walk;
  walk.item = item_;
  walk.inner = rank_ ? loops_[0] : Loop{1, {item}, {item}};
  walk.outer = {1, {0}, {0}};
  const bool dense = is_run(walk.inner, item_);
  const size_t run = dense || rank_ < 2 ? 0 : find_run(loops_, rank_);
  const size_t pair = run ? run : 1;
  for (size_t k = 1; k < rank_; k++) {
    if (k == pair)
      walk.outer = loops_[k];
    else
      walk.rest[walk.depth++] = &loops_[k];
  }
  walk.kernel = choose(item_, swap, dense, run != 0);
  walk.run(walk.depth, from + from_, to + to_);
}

}  // namespace hyperslab
