/* The parts that a plane is coded in. */
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "deflate/tokens.h"

namespace hyperslab::deflate {

/*
 * Small, as recordings drift: codes that fit 16 KiB well gain more than headers cost; and neighbours that one
 * code serves are joined.
 */
inline constexpr size_t unit_size = 8192;

/* Up to unit_size bytes as tokens. */
struct Unit {
  std::array<Token, unit_size / min_match + 2> tokens;
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
