/*
 * Tokens: literals and matches, and how often each symbol occurs in them.
 */
#pragma once

#include <cstdint>
#include <cstring>

#include "deflate/cost.h"
#include "deflate/format.h"

namespace hyperslab::deflate {

/* A number of literals, then a match if `length` is not 0. */
struct Token {
  uint32_t literals;
  uint32_t length; /* at least min_match; above max_match it is written as several matches */
  uint32_t distance;
};

/* How a length above max_match is written. */
struct SplitLength {
  uint32_t longest; /* number of matches of max_match */
  uint32_t first;   /* then a match of this length, if not 0 */
  uint32_t second;  /* and a match of this length, if not 0 */
};

inline SplitLength split_length(uint32_t length) {
  SplitLength split{length / max_match, length % max_match, 0};
  if (split.longest > 0 && split.first > 0 && split.first < min_match) {
    split.longest--;
    split.first += max_match - min_match;
    split.second = min_match;
  }
  return split;
}

struct SymbolCounts {
  uint32_t literals[literal_symbols]; /* literals, one end of block, and lengths */
  uint32_t distances[distance_slots];

  void clear() {
    std::memset(this, 0, sizeof *this);
    literals[end_of_block] = 1;
  }

  void add(const SymbolCounts &other) {
    for (int i = 0; i < literal_symbols; i++) literals[i] += other.literals[i];
    for (int i = 0; i < distance_slots; i++) distances[i] += other.distances[i];
    literals[end_of_block] = 1;
  }

  /* `times` of -1 takes a match away. */
  void add_match(uint32_t length, uint32_t distance, uint32_t times = 1) {
    if (length <= max_match) return add_one(length, distance, times);
    const SplitLength split = split_length(length);
    add_one(max_match, distance, split.longest * times);
    if (split.first) add_one(split.first, distance, times);
    if (split.second) add_one(split.second, distance, times);
  }

  /* The extra bits behind all symbols. */
  uint64_t extra_bits() const {
    uint64_t bits = 0;
    for (int i = 0; i < length_slots; i++)
      bits += uint64_t{literals[first_length + i]} * lengths_of_slots[i].extra;
    for (int i = 0; i < distance_slots; i++)
      bits += uint64_t{distances[i]} * distances_of_slots[i].extra;
    return bits;
  }

  /* The cost of a block without its header, for counts without matches. */
  CodeCost estimate_literals() const { return estimate_code(literals, end_of_block + 1); }

  /* The cost of a block without its header. */
  CodeCost estimate() const {
    const CodeCost body = estimate_code(literals, literal_symbols);
    const CodeCost distance = estimate_code(distances, distance_slots);
    return {body.cost + distance.cost + extra_bits() * one_bit, body.used + distance.used};
  }

 private:
  void add_one(uint32_t length, uint32_t distance, uint32_t times) {
    literals[first_length + slots_of_lengths[length]] += times;
    distances[slot_of_distance(distance)] += times;
  }
};

}  // namespace hyperslab::deflate
