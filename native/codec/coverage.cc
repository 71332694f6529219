#include "codec/coverage.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace hyperslab {
namespace {

/* Sets the bits of `mask` in the word at `at`; returns how many were 0. */
template <typename Word>
uint64_t set_bits(uint8_t *at, Word mask) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  const uint64_t fresh = static_cast<uint64_t>(std::popcount(static_cast<Word>(mask & ~word)));
  word |= mask;
  std::memcpy(at, &word, sizeof word);
  return fresh;
}

uint64_t set_run(uint8_t *bitmap, uint64_t first, uint64_t n) {
  uint8_t *at = bitmap + first / 8;
  uint64_t fresh = 0;
  if (const uint64_t skipped = first % 8) {
    const uint64_t bits = std::min(n, 8 - skipped);
    fresh += set_bits(at++, static_cast<uint8_t>(((1u << bits) - 1) << skipped));
    n -= bits;
  }
  for (; n >= 64; n -= 64, at += 8) fresh += set_bits(at, ~uint64_t{0});
  for (; n >= 8; n -= 8) fresh += set_bits(at++, uint8_t{0xff});
  if (n > 0) fresh += set_bits(at, static_cast<uint8_t>((1u << n) - 1));
  return fresh;
}

/* The innermost axis, in one step if its items are neighbours. */
uint64_t set_axis(uint8_t *bitmap, int64_t first, const CoveredAxis &axis) {
  if (!axis.items.table && axis.items.step == 1)
    return set_run(bitmap, static_cast<uint64_t>(first), axis.n);
  /* Bits of the same byte are set in one step: one by one, each would wait for the one before. */
  uint64_t fresh = 0, byte = 0;
  uint8_t mask = 0;
  for (uint64_t i = 0; i < axis.n; i++) {
    const uint64_t item = static_cast<uint64_t>(first + axis.items.at(i));
    if (item / 8 != byte && mask != 0) {
      fresh += set_bits(bitmap + byte, mask);
      mask = 0;
    }
    byte = item / 8;
    mask |= static_cast<uint8_t>(1u << item % 8);
  }
  return fresh + set_bits(bitmap + byte, mask);
}

uint64_t set_axes(uint8_t *bitmap, int64_t first, const CoveredAxis *axes, size_t rank) {
  if (rank == 1) return set_axis(bitmap, first, axes[0]);
  const CoveredAxis &outer = axes[rank - 1];
  uint64_t fresh = 0;
  for (uint64_t i = 0; i < outer.n; i++)
    fresh += set_axes(bitmap, first + outer.items.at(i), axes, rank - 1);
  return fresh;
}

/* Short steps come first, tables last. */
bool is_nearer(const CoveredAxis &a, const CoveredAxis &b) {
  if (a.items.table || b.items.table) return !a.items.table && b.items.table;
  return a.items.step < b.items.step;
}

}  // namespace

uint64_t cover(uint8_t *bitmap, int64_t first, const CoveredAxis *axes, size_t rank) {
  /*
   * Bits may be set in any order, so axes are reversed and sorted to make runs as long as possible.
   */
  CoveredAxis sorted[max_rank];
  size_t kept = 0;
  for (size_t k = 0; k < rank; k++) {
    CoveredAxis axis = axes[k];
    if (axis.n == 1 || axis.items.step == 0) {
      first += axis.items.at(0);
      continue;
    }
    if (!axis.items.table && axis.items.step < 0) {
      first += axis.items.at(axis.n - 1);
      axis.items.step = -axis.items.step;
    }
    sorted[kept++] = axis;
  }
  if (kept == 0) return set_run(bitmap, static_cast<uint64_t>(first), 1);
  std::sort(sorted, sorted + kept, is_nearer);
  size_t last = 0;
  for (size_t k = 1; k < kept; k++) {
    CoveredAxis &inner = sorted[last];
    const CoveredAxis &outer = sorted[k];
    if (!outer.items.table && inner.items.step * static_cast<int64_t>(inner.n) == outer.items.step)
      inner.n *= outer.n;
    else
      sorted[++last] = outer;
  }
  return set_axes(bitmap, first, sorted, last + 1);
}

}  // namespace hyperslab
