/*
 * Copies items from memory to memory, with a step or a table along each axis of either side. All
 * copies of items use this.
 *
 *  1. Nothing here allocates or owns memory. Tables must outlive the StridedCopy to which they were
 *     passed.
 *  2. The caller checks bounds: every item that the axes reach must lie within memory that may be
 *     read (`from`) or written (`to`). reach() tells what an axis adds to a range.
 *  3. Memory that is written must not overlap with memory that is read, tables included. If several
 *     elements have the same place in `to`, any one of them remains.
 *  4. Any thread may call; no state is kept. Memory needs no alignment. If other threads change the
 *     memory meanwhile, items have any value, but nothing depends on their values.
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

/* One level of the copy: n steps, on both sides. */
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
   * Adds an axis of n >= 1 indexes; at most max_rank axes. Their order does not change the result,
   * but the copy is fastest if the axes with the shortest steps of `to` come first.
   */
  void add_axis(uint64_t n, const Stride &from, const Stride &to);

  /* The product of all n. */
  uint64_t elements() const { return elements_; }

  /* Whether both sides are one run of items. */
  bool is_dense() const;

  /* Where a dense copy begins to read, in bytes after `from`. */
  int64_t from_offset() const { return from_; }

  /*
   * Copies all elements. With `swap` the bytes of each item are reversed; items then have 1, 2, 4
   * or 8 bytes.
   */
  void run(const uint8_t *from, uint8_t *to, bool swap) const;

  /*
   * Whether the first axis is a run of items on both sides, long enough for run_to_planes() to pay.
   */
  bool is_rows() const;

  /*
   * As run(), but byte p of the element that would go to to[k * item_size] goes to to[p * plane +
   * k]. Only if is_rows(), with items of 2 bytes or more, and steps of `to` that are multiples of
   * the item size.
   */
  void run_to_planes(const uint8_t *from, uint8_t *to, size_t plane, bool swap) const;

 private:
  size_t item_;
  size_t rank_ = 0;
  Loop loops_[max_rank]; /* innermost first */
  int64_t from_ = 0;     /* offset of axes with one index, which need no loop */
  int64_t to_ = 0;
  uint64_t elements_ = 1;
};

}  // namespace hyperslab
