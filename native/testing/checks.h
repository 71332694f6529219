/*
 * Shared by the test programs. They run on every path of the machine, print "paths: …" and "N
 * checks", and exit with 1 after naming the checks that failed.
 */
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "cpu/path.h"
#include "testing/random.h"

namespace checks {

inline uint64_t done = 0;
inline uint64_t failed = 0;

/* `tell` returns the description, which is seldom needed. */
template <typename Tell>
void check(bool holds, Tell tell) {
  done++;
  if (holds) return;
  constexpr uint64_t max_told = 20;
  if (++failed <= max_told) std::printf("failed: %s\n", std::string(tell()).c_str());
}

/* Prints the result and returns the exit code. */
inline int report() {
  std::printf("paths:");
  for (const hyperslab::Path path : hyperslab::paths()) std::printf(" %s", name_of(path));
  std::printf("\n%llu checks\n", static_cast<unsigned long long>(done));
  if (failed > 0) std::printf("%llu failed\n", static_cast<unsigned long long>(failed));
  return failed > 0 ? 1 : 0;
}

inline std::vector<uint8_t> random_bytes(Random &random, size_t size) {
  std::vector<uint8_t> bytes(size);
  for (uint8_t &byte : bytes) byte = random.byte();
  return bytes;
}

/* Memory in front of a page that can't be accessed, to catch reads beyond the end. */
class Fenced {
 public:
  explicit Fenced(size_t most) {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    size_ = (most + page - 1) / page * page;
    void *memory =
        mmap(nullptr, size_ + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    pages_ = static_cast<uint8_t *>(memory);
    mapped_ = size_ + page;
    mprotect(pages_ + size_, page, PROT_NONE);
  }
  Fenced(const Fenced &) = delete;
  Fenced &operator=(const Fenced &) = delete;
  ~Fenced() { munmap(pages_, mapped_); }

  /* Returns a copy of the bytes that ends just before the fence. */
  const uint8_t *hold(const std::vector<uint8_t> &bytes) {
    uint8_t *place = pages_ + size_ - bytes.size();
    if (!bytes.empty()) std::memcpy(place, bytes.data(), bytes.size());
    return place;
  }

 private:
  uint8_t *pages_;
  size_t size_, mapped_;
};

/*
 * Memory to write to, between bytes that show writes beyond its ends. It begins at an odd address.
 */
class Guarded {
 public:
  explicit Guarded(size_t size) : size_(size), bytes_(size + 2 * margin, mark) {}

  uint8_t *data() { return bytes_.data() + margin; }

  /* Whether the memory holds `expected`, and nothing around it was written. */
  bool hold(const std::vector<uint8_t> &expected) const {
    for (size_t k = 0; k < margin; k++)
      if (bytes_[k] != mark || bytes_[margin + size_ + k] != mark) return false;
    return std::vector<uint8_t>(bytes_.begin() + margin, bytes_.end() - margin) == expected;
  }

  static constexpr uint8_t mark = 0xa5;

 private:
  static constexpr size_t margin = 129;
  size_t size_;
  std::vector<uint8_t> bytes_;
};

}  // namespace checks
