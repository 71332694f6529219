/*
 * What symbols cost, in whole numbers: decisions that hang on floating point could differ from one
 * machine to the next, and so would the streams.
 */
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace hyperslab::deflate {

/* Bits times 4096. */
using Cost = uint64_t;
inline constexpr int cost_bits = 12;
inline constexpr Cost one_bit = Cost{1} << cost_bits;

/*
 * log2 of x, above 0 and below 2^31, within 0.0013: the exponent of x as a floating point number,
 * which is exact, and of its fraction t the polynomial t + t (1 - t) (0.4242 - 0.1617 t). There is
 * no branch and no table, so compilers make vectors of it.
 */
inline uint32_t log2_cost(uint32_t x) {
  const uint32_t bits = std::bit_cast<uint32_t>(static_cast<float>(static_cast<int32_t>(x)));
  const uint32_t exponent = (bits >> 23) - 127;
  const uint32_t t = (bits & 0x7fffff) >> 8; /* of 2^15 */
  const uint32_t bulge = (t * (32768 - t) >> 15) * (13900 - (t * 5300 >> 15)) >> 15;
  return (exponent << cost_bits) + ((t + bulge) >> (15 - cost_bits));
}

/* What a code made for symbols of these counts takes for them, without their extra bits. */
struct CodeCost {
  Cost cost;
  int used; /* symbols whose count is not 0 */
};

CodeCost estimate_code(const uint32_t *counts, int symbols);

}  // namespace hyperslab::deflate
