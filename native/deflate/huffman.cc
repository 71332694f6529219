#include "deflate/huffman.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace hyperslab::deflate {
namespace {

/*
 * A leaf of the tree: its symbol in the lowest 9 bits, its count above them, so that leaves sort as
 * numbers.
 */
using Leaf = uint64_t;
constexpr int symbol_bits = 9;
constexpr Leaf symbol_mask = (1 << symbol_bits) - 1;
static_assert(max_symbols <= 1 << symbol_bits);

uint64_t count_of(Leaf leaf) { return leaf >> symbol_bits; }

/*
 * Sorts leaves by count, then symbol. `spare` has room for as many; returns whichever of the two
 * holds the result.
 */
Leaf *sort(Leaf *leaves, Leaf *spare, int n, uint32_t most) {
  if (n < 24) {
    for (int i = 1; i < n; i++) {
      const Leaf leaf = leaves[i];
      int k = i;
      for (; k > 0 && leaves[k - 1] > leaf; k--) leaves[k] = leaves[k - 1];
      leaves[k] = leaf;
    }
    return leaves;
  }
  constexpr int digit = 7;
  for (int shift = symbol_bits; most >> (shift - symbol_bits); shift += digit) {
    uint32_t places[(1 << digit) + 1] = {};
    const auto at = [shift](Leaf leaf) { return leaf >> shift & ((1 << digit) - 1); };
    for (int i = 0; i < n; i++) places[at(leaves[i]) + 1]++;
    for (int i = 0; i < 1 << digit; i++) places[i + 1] += places[i];
    for (int i = 0; i < n; i++) spare[places[at(leaves[i])]++] = leaves[i];
    std::swap(leaves, spare);
    if (shift - symbol_bits + digit >= 32) break;
  }
  return leaves;
}

/*
 * Counts the leaves of each depth, by merging the two smallest nodes again and again. Leaves are
 * sorted, and inner nodes are made in ascending order, so the smallest nodes are always at the
 * front of two queues. The choice between the queues has no branch, as no processor could predict
 * it.
 */
void count_depths(const Leaf *leaves, int n, uint32_t *counts) {
  constexpr uint64_t none = UINT64_MAX;
  uint64_t leaf[max_symbols + 2], inner[max_symbols + 2];
  uint16_t parent_of_leaf[max_symbols + 2], parent_of_inner[max_symbols + 2];
  for (int i = 0; i < n; i++) leaf[i] = count_of(leaves[i]);
  leaf[n] = leaf[n + 1] = none;
  std::fill(inner, inner + n + 2, none);
  int next_leaf = 0, next_inner = 0;
  for (int node = 0; node < n - 1; node++) {
    const bool two_leaves = leaf[next_leaf + 1] <= inner[next_inner];
    const bool no_leaf = inner[next_inner + 1] < leaf[next_leaf];
    const uint64_t one = two_leaves ? leaf[next_leaf + 1] : inner[next_inner];
    const uint64_t other = no_leaf ? inner[next_inner + 1] : leaf[next_leaf];
    /* Entries of nodes that are not taken now are overwritten when they are. */
    parent_of_leaf[next_leaf] = parent_of_leaf[next_leaf + 1] = static_cast<uint16_t>(node);
    parent_of_inner[next_inner] = parent_of_inner[next_inner + 1] = static_cast<uint16_t>(node);
    inner[node] = one + other;
    const int taken = 1 + two_leaves - no_leaf;
    next_leaf += taken;
    next_inner += 2 - taken;
  }
  uint16_t depth[max_symbols];
  depth[n - 2] = 0;
  for (int node = n - 3; node >= 0; node--)
    depth[node] = static_cast<uint16_t>(depth[parent_of_inner[node]] + 1);
  for (int i = 0; i < n; i++) counts[depth[parent_of_leaf[i]] + 1]++;
}

/*
 * Shortens codes above `longest`, lengthens others until all fit, and then uses up what is left
 * over.
 */
void limit_depths(uint32_t *counts, int deepest, int longest) {
  for (int depth = longest + 1; depth <= deepest; depth++) {
    counts[longest] += counts[depth];
    counts[depth] = 0;
  }
  const int64_t full = int64_t{1} << longest;
  int64_t used = 0;
  for (int depth = 1; depth <= longest; depth++)
    used += static_cast<int64_t>(counts[depth]) << (longest - depth);
  while (used > full) {
    int depth = longest - 1;
    while (counts[depth] == 0) depth--;
    counts[depth]--;
    counts[depth + 1]++;
    used -= int64_t{1} << (longest - depth - 1);
  }
  for (int depth = 2; depth <= longest && used < full;) {
    const int64_t gain = int64_t{1} << (longest - depth);
    if (counts[depth] == 0 || gain > full - used) {
      depth++;
      continue;
    }
    counts[depth]--;
    counts[depth - 1]++;
    used += gain;
    depth = 2;
  }
}

constexpr std::array<uint8_t, 256> reversed_bytes = [] {
  std::array<uint8_t, 256> reversed{};
  for (int i = 0; i < 256; i++)
    for (int bit = 0; bit < 8; bit++)
      if (i >> bit & 1) reversed[i] = static_cast<uint8_t>(reversed[i] | 128 >> bit);
  return reversed;
}();

uint32_t reversed(uint32_t code, int length) {
  const uint32_t word =
      static_cast<uint32_t>(reversed_bytes[code & 255]) << 8 | reversed_bytes[code >> 8];
  return word >> (16 - length);
}

}  // namespace

void code_lengths(const uint32_t *counts, int symbols, int longest, uint8_t *lengths) {
  Leaf room[2][max_symbols];
  uint32_t most = 0;
  int n = 0;
  for (int i = 0; i < symbols; i++) {
    lengths[i] = 0;
    room[0][n] = static_cast<Leaf>(counts[i]) << symbol_bits | static_cast<Leaf>(i);
    n += counts[i] != 0;
    most = std::max(most, counts[i]);
  }
  if (n == 0) return;
  const Leaf *leaves = sort(room[0], room[1], n, most);
  if (n == 1) {
    lengths[leaves[0] & symbol_mask] = 1;
    return;
  }
  uint32_t depths[max_symbols + 1] = {};
  count_depths(leaves, n, depths);
  limit_depths(depths, n, longest);
  for (int length = longest, i = 0; length > 0; length--)
    for (uint32_t k = 0; k < depths[length]; k++)
      lengths[leaves[i++] & symbol_mask] = static_cast<uint8_t>(length);
}

void number_codes(const uint8_t *lengths, int symbols, uint16_t *codes) {
  uint32_t counts[16] = {};
  for (int i = 0; i < symbols; i++) counts[lengths[i]]++;
  counts[0] = 0;
  uint32_t next[16] = {};
  for (int length = 1; length < 16; length++)
    next[length] = (next[length - 1] + counts[length - 1]) << 1;
  for (int i = 0; i < symbols; i++)
    codes[i] = lengths[i] ? static_cast<uint16_t>(reversed(next[lengths[i]]++, lengths[i])) : 0;
}

}  // namespace hyperslab::deflate
