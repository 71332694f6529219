/*
 * Where the bytes lie when P registers of Width bytes are split into P planes, or joined from them. Items
 * of N bytes are split by the prime factors of N, one after the other, so only primes come here.
 */
#pragma once

#include <cstddef>

namespace hyperslab {

constexpr size_t least_prime(size_t n) {
  for (size_t p = 2; p < n; p++)
    if (n % p == 0) return p;
  return n;
}

/* A byte of one of the registers that are read. */
struct Pick {
  size_t of; /* the register */
  size_t at; /* the byte in it */
};

/* Byte i of plane p. */
template <size_t P, size_t Width>
constexpr Pick split_pick(size_t p, size_t i) {
  return {(i * P + p) / Width, (i * P + p) % Width};
}

/* Byte i of the register k of items. */
template <size_t P, size_t Width>
constexpr Pick join_pick(size_t k, size_t i) {
  return {(k * Width + i) % P, (k * Width + i) / P};
}

}  // namespace hyperslab
