/*
 * Where each byte comes from when P registers of Width bytes are split into P planes, or joined
 * from them. Items of N bytes are split by the prime factors of N, one after the other, so P is
 * always a prime.
 */
#pragma once

#include <cstddef>

namespace hyperslab {

constexpr size_t least_prime(size_t n) {
  for (size_t p = 2; p < n; p++)
    if (n % p == 0) return p;
  return n;
}

/* One byte of the registers that are read. */
struct ByteSource {
  size_t reg;  /* number of the register */
  size_t byte; /* place of the byte in it */
};

/* The source of byte `i` of plane `p`. */
template <size_t P, size_t Width>
constexpr ByteSource split_source(size_t p, size_t i) {
  return {(i * P + p) / Width, (i * P + p) % Width};
}

/* The source of byte `i` of register `k` of items. */
template <size_t P, size_t Width>
constexpr ByteSource join_source(size_t k, size_t i) {
  return {(k * Width + i) % P, (k * Width + i) / P};
}

}  // namespace hyperslab
