/*
 * The one copy of items from memory to memory, with a step or a table along each axis of either
 * side.
 *
 *  1. Nothing here allocates or owns memory; tables must outlive the StridedCopy that was given
 *     them.
 *  2. Bounds are the caller's to check: every item that the axes reach must lie within memory that
 *     may be read (`from`) or written (`to`). reach() tells what an axis adds to a range.
 *  3. What is written must not overlap with what is read, tables included. Where several elements
 *     have the same place in `to`, any one of them stays.
 *  4. Any thread may call; no state is kept. Memory needs no alignment. Memory that other threads
 *     change meanwhile gives items of any value, but nothing depends on their values.
 */
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace hyperslab {

static_assert(std::endian::native == std::endian::little, "Expected a little-endian host");

/* HDF5's own limit. */
inline constexpr size_t max_rank = 32;

/* Where the items of an axis lie: index i begins (table ? table[i] : i) * step bytes on. */
struct Stride {
  int64_t step;
  const int32_t *table;

  Stride() = default; /* not initialised, as most loops of a copy are never used */
  Stride(int64_t step, const int32_t *table = nullptr) : step(step), table(table) {}

  int64_t at(uint64_t i) const { return (table ? table[i] : static_cast<int64_t>(i)) * step; }

  /* The stride from index `first` on; adds to `offset` where that begins, if it has no table. */
  Stride skip(uint64_t first, int64_t &offset) const {
    if (table) return {step, table + first};
    offset += static_cast<int64_t>(first) * step;
    return *this;
  }
};

/*
 * Widens the range of byte offsets, `low` to `high`, by what n >= 1 indexes of an axis add; n is
 * below 2^63. False where that overflows.
 */
bool reach(const Stride &stride, uint64_t n, int64_t &low, int64_t &high);

/*
 * The same stride without its table, where that is evenly spaced: steps are copied in longer runs.
 * Adds to `offset` where the first of n indexes then begins. The table must be one for which
 * reach() did not overflow.
 */
Stride untabled(const Stride &stride, uint64_t n, int64_t &offset);

/* One level of the copy: n times, walking both sides of the memory. */
struct Loop {
  uint64_t n;
  Stride from;
  Stride to;
};

/* Items have 1 byte or more. */
class StridedCopy {
 public:
  explicit StridedCopy(size_t item_size) : item_(item_size) {}

  /*
   * Adds an axis of n >= 1 indexes; at most max_rank of them. The order does not matter for what is
   * copied, but it is fastest when axes come with the shortest steps of `to` first.
   */
  void add_axis(uint64_t n, const Stride &from, const Stride &to);

  /* Product of all n. */
  uint64_t elements() const { return elements_; }

  /* Whether both sides are one run of items. */
  bool is_dense() const;

  /* Where a dense copy begins to read, in bytes behind `from`. */
  int64_t from_offset() const { return from_; }

  /*
   * Copies the element that all axes together put at a byte behind `from` to the one behind `to`.
   * With `swap`, the bytes of each item are reversed; items then have 1, 2, 4 or 8.
   */
  void run(const uint8_t *from, uint8_t *to, bool swap) const;

  /*
   * Whether the first axis is a run of items on both sides, long enough for run_to_planes() to pay.
   */
  bool is_rows() const;

  /*
   * The same as run(), but byte p of the element that would go to byte k * item_size behind `to`
   * goes to to[p * plane + k]. For a copy that is_rows(), of items of 2 bytes or more, whose steps
   * of `to` are multiples of the item size.
   */
  void run_to_planes(const uint8_t *from, uint8_t *to, size_t plane, bool swap) const;

 private:
  size_t item_;
  size_t rank_ = 0;
  Loop loops_[max_rank]; /* innermost first */
  int64_t from_ = 0;     /* what axes of one index add, which need no loop */
  int64_t to_ = 0;
  uint64_t elements_ = 1;
};

}  // namespace hyperslab
