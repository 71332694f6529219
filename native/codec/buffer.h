/* A block of memory that grows and is reused. It serves one thread at a time. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace hyperslab {

class Buffer {
 public:
  /*
   * Returns at least `size` bytes, uninitialised, aligned to a cache line. Growing loses the
   * contents and invalidates earlier pointers. Throws std::bad_alloc, and is then empty.
   */
  uint8_t *need(size_t size);
  void release();
  uint64_t size() const { return size_; }

 private:
  struct Free {
    void operator()(uint8_t *bytes) const;
  };
  std::unique_ptr<uint8_t[], Free> bytes_;
  size_t size_ = 0;
};

}  // namespace hyperslab
