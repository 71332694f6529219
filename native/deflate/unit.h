/* Units: the parts of a plane for which the way of coding is chosen. */
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "deflate/tokens.h"

namespace hyperslab::deflate {

/*
 * Units are small, because recordings drift: a code that fits 8 KiB well gains more than its header
 * costs, and neighbours that one code serves are joined anyway. After neighbours were joined, data
 * are steady, and units may be longer.
 */
inline constexpr size_t unit_size = 8192;
inline constexpr size_t max_unit_size = 4 * unit_size;

/* Up to max_unit_size bytes as tokens, with what they cost. */
struct Unit {
  std::array<Token, max_unit_size / min_match + 2> tokens;
  size_t token_count = 0;
  SymbolCounts counts;
  CodeCost cost{};

  void clear() {
    token_count = 0;
    counts.clear();
  }

  void add(Token token) { tokens[token_count++] = token; }
};

}  // namespace hyperslab::deflate
