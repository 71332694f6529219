/* The symbols of deflate, and the extra bits of matches (RFC 1951, section 3.2.5). */
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace hyperslab::deflate {

inline constexpr uint32_t min_match = 3;
inline constexpr uint32_t max_match = 258;
inline constexpr uint32_t max_distance = 32768;

/*
 * One code has symbols for literals, the end of a block and lengths; the other has those for
 * distances.
 */
inline constexpr int end_of_block = 256;
inline constexpr int first_length = 257;
inline constexpr int length_slots = 29;
inline constexpr int literal_symbols = first_length + length_slots;
inline constexpr int distance_slots = 30;

/* The values that share a symbol: from `base` on, told apart by `extra` bits behind the symbol. */
struct Slot {
  uint16_t base;
  uint8_t extra;
};

inline constexpr std::array<Slot, length_slots> lengths_of_slots = [] {
  std::array<Slot, length_slots> slots{};
  uint16_t base = min_match;
  for (int i = 0; i < length_slots - 1; i++) {
    slots[i] = {base, static_cast<uint8_t>(i < 8 ? 0 : i / 4 - 1)};
    base = static_cast<uint16_t>(base + (1 << slots[i].extra));
  }
  slots[length_slots - 1] = {max_match, 0};
  return slots;
}();

inline constexpr std::array<uint8_t, max_match + 1> slots_of_lengths = [] {
  std::array<uint8_t, max_match + 1> slots{};
  for (int i = 0; i < length_slots; i++)
    for (uint32_t k = 0; k < 1u << lengths_of_slots[i].extra; k++)
      if (lengths_of_slots[i].base + k <= max_match)
        slots[lengths_of_slots[i].base + k] = static_cast<uint8_t>(i);
  return slots;
}();

inline constexpr std::array<Slot, distance_slots> distances_of_slots = [] {
  std::array<Slot, distance_slots> slots{};
  uint32_t base = 1;
  for (int i = 0; i < distance_slots; i++) {
    slots[i] = {static_cast<uint16_t>(base), static_cast<uint8_t>(i < 4 ? 0 : i / 2 - 1)};
    base += 1u << slots[i].extra;
  }
  return slots;
}();

/* Two slots for each power of two. */
inline int slot_of_distance(uint32_t distance) {
  const uint32_t x = distance - 1;
  if (x < 2) return static_cast<int>(x);
  const int top = std::bit_width(x) - 1;
  return 2 * top + static_cast<int>(x >> (top - 1) & 1);
}

}  // namespace hyperslab::deflate
