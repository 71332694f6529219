#include "codec/buffer.h"

#include <new>

namespace hyperslab {
namespace {

/* Vector stores that cross a cache line take twice the time. */
constexpr std::align_val_t line{64};

}  // namespace

void Buffer::Free::operator()(uint8_t *bytes) const { ::operator delete(bytes, line); }

uint8_t *Buffer::need(size_t size) {
  if (size > size_) {
    size_ = 0;
    bytes_.reset();
    bytes_.reset(static_cast<uint8_t *>(::operator new(size, line)));
    size_ = size;
  }
  return bytes_.get();
}

void Buffer::release() {
  bytes_.reset();
  size_ = 0;
}

}  // namespace hyperslab
