#include "deflate/prices.h"

#include <algorithm>

namespace hyperslab::deflate {
namespace {

/* Each count is raised by one, as symbols that did not occur may occur yet. */
void learn_code(const uint32_t *counts, int symbols, uint32_t *prices) {
  uint32_t total = 0;
  for (int i = 0; i < symbols; i++) total += counts[i] + 1;
  const uint32_t all = log2_cost(total);
  for (int i = 0; i < symbols; i++)
    prices[i] = std::max<uint32_t>(one_bit, all - log2_cost(counts[i] + 1));
}

}  // namespace

void Prices::learn(const SymbolCounts &counts) {
  uint32_t symbols[literal_symbols];
  learn_code(counts.literals, literal_symbols, symbols);
  std::copy_n(symbols, 256, literals_);
  for (uint32_t length = min_match; length <= max_match; length++) {
    const int slot = slots_of_lengths[length];
    lengths_[length] = symbols[first_length + slot] + lengths_of_slots[slot].extra * one_bit;
  }
  learn_code(counts.distances, distance_slots, distances_);
  for (int i = 0; i < distance_slots; i++) distances_[i] += distances_of_slots[i].extra * one_bit;
}

}  // namespace hyperslab::deflate
