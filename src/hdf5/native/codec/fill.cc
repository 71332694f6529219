#include "codec/fill.h"

#include <algorithm>
#include <cstring>

namespace hyperslab {

void fill_items(uint8_t *out, size_t bytes, const uint8_t *value, size_t item_size) {
  if (std::all_of(value, value + item_size, [&](uint8_t byte) { return byte == value[0]; })) {
    std::memset(out, value[0], bytes);
    return;
  }
  if (bytes == 0) return;
  std::memcpy(out, value, item_size);
  for (size_t done = item_size; done < bytes;) {
    const size_t part = std::min(done, bytes - done);
    std::memcpy(out + done, out, part);
    done += part;
  }
}

bool is_filled(const uint8_t *items, size_t bytes, const uint8_t *value, size_t item_size) {
  if (bytes == 0) return true;
  /* Where every item equals the one before it, all are the first. */
  return std::memcmp(items, value, item_size) == 0 &&
         std::memcmp(items, items + item_size, bytes - item_size) == 0;
}

}  // namespace hyperslab
