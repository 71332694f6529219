/*
 * What a part of the input becomes: literals and matches, and how often each symbol occurs in them.
 */
#pragma once

#include <cstdint>
#include <cstring>

#include "deflate/cost.h"
#include "deflate/format.h"

namespace hyperslab::deflate {

/* Literals, then a match, if its length is not 0. */
struct Token {
  uint32_t literals;
  uint32_t length; /* above max_match is written as several matches; else at least min_match */
  uint32_t distance;
};

/* The matches that a length is written as. */
struct SplitLength {
  uint32_t longest; /* matches of max_match */
  uint32_t first;   /* then one of this length, and */
  uint32_t second;  /* one of this, each if not 0 */
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
  uint32_t literals[literal_symbols]; /* of lengths, too, and one end of block */
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

  /* With `times` of -1, takes one away. */
  void add_match(uint32_t length, uint32_t distance, uint32_t times = 1) {
    if (length <= max_match) return add_one(length, distance, times);
    const SplitLength split = split_length(length);
    add_one(max_match, distance, split.longest * times);
    if (split.first) add_one(split.first, distance, times);
    if (split.second) add_one(split.second, distance, times);
  }

  /* Bits that come behind the symbols, in all. */
  uint64_t extra_bits() const {
    uint64_t bits = 0;
    for (int i = 0; i < length_slots; i++)
      bits += uint64_t{literals[first_length + i]} * lengths_of_slots[i].extra;
    for (int i = 0; i < distance_slots; i++)
      bits += uint64_t{distances[i]} * distances_of_slots[i].extra;
    return bits;
  }

  /* All but the header of a block, where there are no matches. */
  CodeCost estimate_literals() const { return estimate_code(literals, end_of_block + 1); }

  /* All but the header of a block. */
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
