/*
 * What symbols cost, in whole numbers. If decisions depended on floating point, they could differ
 * between machines, and so would the streams.
 */
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace hyperslab::deflate {

/* In 1/4096 bit. */
using Cost = uint64_t;
inline constexpr int cost_bits = 12;
inline constexpr Cost one_bit = Cost{1} << cost_bits;

/*
 * log2 of x, which is above 0 and below 2^31, within 0.0013: the exponent of x as a floating point
 * number plus, for its fraction t, the polynomial t + t (1 - t) (0.4242 - 0.1617 t). Conversion to
 * floating point is correctly rounded on every machine; all else is whole numbers. Without branches
 * and tables, so that compilers vectorise it.
 */
inline uint32_t log2_cost(uint32_t x) {
  const uint32_t bits = std::bit_cast<uint32_t>(static_cast<float>(static_cast<int32_t>(x)));
  const uint32_t exponent = (bits >> 23) - 127;
  const uint32_t t = (bits & 0x7fffff) >> 8; /* of 2^15 */
  const uint32_t bulge = (t * (32768 - t) >> 15) * (13900 - (t * 5300 >> 15)) >> 15;
  return (exponent << cost_bits) + ((t + bulge) >> (15 - cost_bits));
}

/* What symbols cost in a code of their own, without their extra bits. */
struct CodeCost {
  Cost cost;
  int used; /* number of symbols that occur */
};

CodeCost estimate_code(const uint32_t *counts, int symbols);

}  // namespace hyperslab::deflate
