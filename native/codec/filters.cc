#include "codec/filters.h"

#include <libdeflate.h>

#include <new>
#include <stdexcept>
#include <string>

#include "kernels/fletcher32.h"

namespace hyperslab {

void append_fletcher32(uint8_t *bytes, size_t size) {
  const uint32_t sum = fletcher32(bytes, size);
  for (size_t k = 0; k < fletcher32_size; k++)
    bytes[size + k] = static_cast<uint8_t>(sum >> (8 * k));
}

bool check_fletcher32(const uint8_t *bytes, size_t size) {
  if (size < fletcher32_size) return false;
  const uint8_t *tail = bytes + size - fletcher32_size;
  const uint32_t stored = static_cast<uint32_t>(tail[0]) | static_cast<uint32_t>(tail[1]) << 8 |
                          static_cast<uint32_t>(tail[2]) << 16 |
                          static_cast<uint32_t>(tail[3]) << 24;
  const uint32_t sum = fletcher32(bytes, size - fletcher32_size);
  const uint32_t swapped = (sum & 0x00ff00ff) << 8 | (sum >> 8 & 0x00ff00ff);
  return stored == sum || stored == swapped;
}

Inflater::Inflater() : decompressor_(libdeflate_alloc_decompressor()) {
  if (!decompressor_) throw std::bad_alloc();
}

void Inflater::Free::operator()(libdeflate_decompressor *decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

/* 12 KB with libdeflate 1.14. */
size_t Inflater::memory() { return 16 * 1024; }

std::optional<size_t> Inflater::decompress(const uint8_t *in, size_t size, uint8_t *out,
                                           size_t room) {
  size_t got = 0;
  const libdeflate_result result =
      libdeflate_zlib_decompress(decompressor_.get(), in, size, out, room, &got);
  if (result != LIBDEFLATE_SUCCESS) return std::nullopt;
  return got;
}

}  // namespace hyperslab
