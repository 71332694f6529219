/*
 * For fuzz programs that get their input from libFuzzer, which is guided by the code that it
 * reaches.
 *
 * Such a program aborts on a finding, so that libFuzzer keeps the input. To run it again, pass the
 * file to the program.
 */
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

/* An input, taken byte by byte; zeros follow its end. */
class Given {
 public:
  Given(const uint8_t *bytes, size_t size) : next_(bytes), end_(bytes + size) {}

  bool empty() const { return next_ == end_; }
  uint8_t byte() { return empty() ? 0 : *next_++; }
  unsigned word() {
    const unsigned low = byte();
    return low | static_cast<unsigned>(byte()) << 8;
  }
  /* 0 to `most`, both included; `most` is at most 65535. */
  unsigned upto(unsigned most) { return (most < 256 ? byte() : word()) % (most + 1); }

  /* At most `most` bytes, unchanged. */
  std::vector<uint8_t> bytes(size_t most) {
    const size_t count = std::min<size_t>(most, static_cast<size_t>(end_ - next_));
    const uint8_t *first = next_;
    next_ += count;
    return {first, next_};
  }

 private:
  const uint8_t *next_, *end_;
};

inline void demand(bool holds, const std::string &what) {
  if (holds) return;
  std::fprintf(stderr, "found: %s\n", what.c_str());
  std::abort();
}
