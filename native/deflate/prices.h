/* What symbols are assumed to cost before it is known how often they will occur. */
#pragma once

#include <cstdint>

#include "deflate/cost.h"
#include "deflate/tokens.h"

namespace hyperslab::deflate {

class Prices {
 public:
  /* Learns from how often symbols occurred in similar data. */
  void learn(const SymbolCounts &counts);

  uint32_t literal(uint8_t byte) const { return literals_[byte]; }

  /* The price of a match with all its extra bits. `length` is at most max_match. */
  uint32_t match(uint32_t length, uint32_t distance) const {
    return lengths_[length] + distances_[slot_of_distance(distance)];
  }

 private:
  uint32_t literals_[256];
  uint32_t lengths_[max_match + 1];
  uint32_t distances_[distance_slots];
};

}  // namespace hyperslab::deflate
