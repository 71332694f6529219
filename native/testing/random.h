/* Random numbers from a seed, the same on every machine. */
#pragma once

#include <cstdint>

/* SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  /* 0 to `most`, both included. */
  uint64_t upto(uint64_t most) { return next() % (most + 1); }
  uint64_t from(uint64_t least, uint64_t most) { return least + upto(most - least); }
  bool one_in(uint64_t n) { return upto(n - 1) == 0; }
  uint8_t byte() { return static_cast<uint8_t>(next() >> 56); }

 private:
  uint64_t state_;
};
