/*
 * Shared by the fuzz programs: random numbers from a seed, and the loop over the cases.
 *
 * A case depends on its own number only, so that one that failed can be run again by itself:
 *
 *     fuzz_codec --seconds 60 [--seed N]     cases N, N + 1, … for 60 seconds
 *     fuzz_codec --case N                    case N only
 *
 * Exits with 1 if a case fails, after printing its number. The number is also printed when a
 * sanitizer ends the program.
 */
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include <sanitizer/asan_interface.h>

#include "testing/random.h"

/* Memory of exactly this size, so that the sanitizer sees accesses beyond it. */
class Exact {
 public:
  explicit Exact(size_t size) : size_(size), bytes_(new uint8_t[size]) {}
  Exact(const uint8_t *from, size_t size) : Exact(size) {
    for (size_t k = 0; k < size; k++) bytes_[k] = from[k];
  }
  Exact(const Exact &) = delete;
  Exact &operator=(const Exact &) = delete;
  ~Exact() { delete[] bytes_; }

  uint8_t *data() { return bytes_; }
  size_t size() const { return size_; }

 private:
  size_t size_;
  uint8_t *bytes_;
};

struct Finding : std::logic_error {
  using std::logic_error::logic_error;
};

inline void expect(bool holds, const std::string &what) {
  if (!holds) throw Finding(what);
}

namespace fuzz {

inline uint64_t current_case = 0;

inline void tell_case() {
  std::fprintf(stderr, "in case %llu\n", (unsigned long long)current_case);
}

/* Runs `body(random)` for the cases that the arguments ask for, and returns the exit code. */
template <typename Body>
int run(int count, char **arguments, Body body) {
  double seconds = 10;
  uint64_t seed = 1;
  bool alone = false;
  for (int k = 1; k + 1 < count; k += 2) {
    const std::string name = arguments[k];
    if (name == "--seconds")
      seconds = std::atof(arguments[k + 1]);
    else
      seed = std::strtoull(arguments[k + 1], nullptr, 10);
    if (name == "--case") alone = true;
  }
  __asan_set_death_callback(tell_case);
  const std::time_t end = std::time(nullptr) + static_cast<std::time_t>(seconds);
  uint64_t cases = 0;
  for (current_case = seed; cases == 0 || (!alone && std::time(nullptr) < end); current_case++) {
    try {
      Random random(current_case);
      body(random);
    } catch (const std::exception &error) {
      std::fprintf(stderr, "%s\n", error.what());
      tell_case();
      return 1;
    }
    cases++;
  }
  std::printf("%llu cases, from %llu\n", (unsigned long long)cases, (unsigned long long)seed);
  return 0;
}

}  // namespace fuzz
