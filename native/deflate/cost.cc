#include "deflate/cost.h"

#include <algorithm>

#include "cpu/path.h"
#include "deflate/huffman.h"

namespace hyperslab::deflate {
namespace {

/*
 * Up to this many symbols the code is made: entropy is far off then, and making it takes no time.
 */
constexpr int few = 12;

Cost exact_cost(const uint32_t *counts, int symbols) {
  uint32_t some[few] = {};
  int n = 0;
  for (int i = 0; i < symbols; i++)
    if (counts[i]) some[n++] = counts[i];
  uint8_t lengths[few];
  code_lengths(some, n, max_code_length, lengths);
  Cost bits = 0;
  for (int i = 0; i < n; i++) bits += uint64_t{some[i]} * lengths[i];
  return bits * one_bit;
}

Cost entropy(uint32_t total, uint64_t weighted_logs) {
  const Cost all = uint64_t{total} * log2_cost(total);
  return all > weighted_logs ? all - weighted_logs : 0;
}

struct Sums {
  uint32_t total;
  uint32_t most;
  int used;
  uint64_t logs; /* sum of each count times its log2 */
};

/* Without branches, so that compilers vectorise the loops. */
inline __attribute__((always_inline)) Sums sum_up(const uint32_t *counts, int symbols) {
  Sums sums{};
  for (int i = 0; i < symbols; i++) {
    sums.total += counts[i];
    sums.most = std::max(sums.most, counts[i]);
    sums.used += counts[i] != 0;
  }
  for (int i = 0; i < symbols; i++)
    sums.logs += uint64_t{counts[i]} * log2_cost(counts[i] | (counts[i] == 0));
  return sums;
}

using SumUp = Sums (*)(const uint32_t *counts, int symbols);

Sums sum_up_plain(const uint32_t *counts, int symbols) { return sum_up(counts, symbols); }
#ifdef HYPERSLAB_X86
HYPERSLAB_AVX2 Sums sum_up_avx2(const uint32_t *counts, int symbols) {
  return sum_up(counts, symbols);
}
#endif

SumUp fastest() {
#ifdef HYPERSLAB_X86
  if (best_path() != Path::plain) return sum_up_avx2;
#endif
  return sum_up_plain;
}

}  // namespace

CodeCost estimate_code(const uint32_t *counts, int symbols) {
  static const SumUp sum = fastest();
  const Sums sums = sum(counts, symbols);
  if (sums.used <= few) return {exact_cost(counts, symbols), sums.used};
  if (sums.most <= sums.total / 2) return {entropy(sums.total, sums.logs), sums.used};
  /*
   * A symbol takes a bit at least. So the most frequent one takes one bit, and the others take one
   * bit and then what a code of their own takes.
   */
  const uint32_t others = sums.total - sums.most;
  const uint64_t logs_of_others = sums.logs - uint64_t{sums.most} * log2_cost(sums.most);
  return {(uint64_t{sums.most} + others) * one_bit + entropy(others, logs_of_others), sums.used};
}

}  // namespace hyperslab::deflate
