#include "deflate/cost.h"

#include <algorithm>

#include "deflate/huffman.h"

namespace hyperslab::deflate {
namespace {

/* Entropy is far off where there are few symbols; a code for them is made in no time. */
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

}  // namespace

CodeCost estimate_code(const uint32_t *counts, int symbols) {
  uint64_t logs = 0;
  uint32_t total = 0, most = 0;
  int used = 0;
  /* Without branches, and 32-bit sums in a loop of their own, so that both become loops over vectors. */
  for (int i = 0; i < symbols; i++) {
    total += counts[i];
    most = std::max(most, counts[i]);
    used += counts[i] != 0;
  }
  if (used <= few) return {exact_cost(counts, symbols), used};
  for (int i = 0; i < symbols; i++)
    logs += uint64_t{counts[i]} * log2_cost(counts[i] | (counts[i] == 0));
  if (most <= total / 2) return {entropy(total, logs), used};
  /* No symbol takes less than a bit, and the others have what lies behind the other bit. */
  const uint32_t others = total - most;
  const uint64_t logs_of_others = logs - uint64_t{most} * log2_cost(most);
  return {(uint64_t{most} + others) * one_bit + entropy(others, logs_of_others), used};
}

}  // namespace hyperslab::deflate
