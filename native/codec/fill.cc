#include "codec/fill.h"

#include <algorithm>
#include <cstring>

namespace hyperslab {

void fill_items(uint8_t *out, size_t bytes, const uint8_t *value, size_t item_size) {
  if (bytes == 0) return;
  if (std::all_of(value, value + item_size, [&](uint8_t byte) { return byte == value[0]; })) {
    std::memset(out, value[0], bytes);
    return;
  }
  std::memcpy(out, value, item_size);
  for (size_t done = item_size; done < bytes;) {
    const size_t part = std::min(done, bytes - done);
    std::memcpy(out + done, out, part);
    done += part;
  }
}

void fill_uncovered(uint8_t *out, uint64_t items, const uint8_t *bitmap, const uint8_t *value,
                    size_t item_size) {
  const auto covered = [&](uint64_t item) { return (bitmap[item / 8] >> item % 8 & 1) != 0; };
  for (uint64_t item = 0; item < items;) {
    /* Eight items in one step if all are covered, since most bytes of the bitmap are uniform. */
    if (item % 8 == 0 && bitmap[item / 8] == 0xff) {
      item += 8;
      continue;
    }
    if (covered(item)) {
      item++;
      continue;
    }
    uint64_t end = item + 1;
    while (end < items) {
      if (end % 8 == 0 && bitmap[end / 8] == 0)
        end += 8;
      else if (!covered(end))
        end++;
      else
        break;
    }
    end = std::min(end, items);
    fill_items(out + item * item_size, static_cast<size_t>((end - item) * item_size), value,
               item_size);
    item = end;
  }
}

bool is_filled(const uint8_t *items, size_t bytes, const uint8_t *value, size_t item_size) {
  if (bytes == 0) return true;
  /* If the first item is the value, and every item equals the one before it, all are the value. */
  return std::memcmp(items, value, item_size) == 0 &&
         std::memcmp(items, items + item_size, bytes - item_size) == 0;
}

}  // namespace hyperslab
