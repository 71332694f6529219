/*
 * Recipes: short inputs that describe long data, as stretches of the kinds between which the
 * encoder distinguishes.
 */
#pragma once

#include "testing/bytes_given.h"
#include "testing/fuzz.h"

namespace recipe {

enum Kind : uint8_t {
  literal, /* bytes of the recipe, at most as many as the length says */
  again,   /* the bytes a distance before, with a byte changed now and then */
  run,     /* a byte, repeated */
  ramp,    /* a first byte, and the step */
  noise,   /* up to 8 bits of noise added to a byte; a seed */
  sums,    /* sums of such noise; a seed */
  sparse,  /* zeros, with noise in one byte of every n; a seed */
  kinds
};

/*
 * A length follows the kind: two bytes, or one if this bit is set. The longest stretches span
 * several units.
 */
inline constexpr uint8_t is_short = 0x80;
inline constexpr unsigned max_stretch = 0x3fff;

inline void add_noise(Given &given, size_t length, unsigned terms, std::vector<uint8_t> &bytes) {
  const unsigned width = given.upto(7) + 1, centre = given.byte();
  Random random(given.byte());
  for (size_t k = 0; k < length; k++) {
    unsigned sum = 0;
    for (unsigned term = 0; term < terms; term++) sum += random.byte() >> (8 - width);
    bytes.push_back(static_cast<uint8_t>(centre + sum));
  }
}

inline void add_again(Given &given, size_t length, std::vector<uint8_t> &bytes) {
  const size_t distance = given.word() + size_t{1};
  const unsigned changed = given.byte();
  for (size_t k = 0; k < length; k++) {
    const uint8_t before = distance <= bytes.size() ? bytes[bytes.size() - distance] : 0;
    bytes.push_back(changed && k % changed == changed - 1 ? before + 1 : before);
  }
}

inline void add_stretch(Given &given, size_t most, std::vector<uint8_t> &bytes) {
  const uint8_t head = given.byte();
  const unsigned said = head & is_short ? given.byte() : given.word() & max_stretch;
  const size_t length = std::min<size_t>(most, said);
  switch ((head & ~is_short) % kinds) {
    case literal:
      for (const uint8_t byte : given.bytes(length)) bytes.push_back(byte);
      break;
    case again: add_again(given, length, bytes); break;
    case run: bytes.insert(bytes.end(), length, given.byte()); break;
    case ramp: {
      const unsigned first = given.byte(), step = given.byte();
      for (size_t k = 0; k < length; k++) bytes.push_back(static_cast<uint8_t>(first + k * step));
      break;
    }
    case noise: add_noise(given, length, 1, bytes); break;
    case sums: add_noise(given, length, given.upto(5) + 2, bytes); break;
    case sparse: {
      const unsigned one_in = given.byte() + 1u;
      Random random(given.byte());
      for (size_t k = 0; k < length; k++)
        bytes.push_back(random.one_in(one_in) ? random.byte() : uint8_t{0});
      break;
    }
  }
}

/* The data that the rest of an input describes, up to `most` bytes. */
inline std::vector<uint8_t> expand(Given &given, size_t most) {
  std::vector<uint8_t> bytes;
  while (!given.empty() && bytes.size() < most) add_stretch(given, most - bytes.size(), bytes);
  return bytes;
}

}  // namespace recipe
