#include "codec/planes.h"

#include <cstring>

#include "codec/fill.h"

namespace hyperslab {

void fill_planes(uint8_t *out, size_t items, const uint8_t *value, size_t item_size) {
  for (size_t p = 0; p < item_size; p++) std::memset(out + p * items, value[p], items);
}

bool is_filled_planes(const uint8_t *planes, size_t items, const uint8_t *value, size_t item_size) {
  for (size_t p = 0; p < item_size; p++)
    if (!is_filled(planes + p * items, items, value + p, 1)) return false;
  return true;
}

}  // namespace hyperslab
