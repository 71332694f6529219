#include "kernels/shuffle.h"

#include <cstring>

#include "kernels/planes.h"

namespace hyperslab {

void shuffle(const uint8_t *in, size_t size, size_t item_size, uint8_t *out, Path path) {
  const size_t items = item_size > 1 ? size / item_size : 0;
  if (items > 0)
    plane_kernels(item_size, path)
        .to_planes(in, {1, items, item_size, 0, 0}, out, static_cast<int64_t>(items));
  const size_t done = items * item_size;
  if (done < size) std::memcpy(out + done, in + done, size - done);
}

void unshuffle(const uint8_t *in, size_t size, size_t item_size, uint8_t *out, Path path) {
  const size_t items = item_size > 1 ? size / item_size : 0;
  if (items > 0) plane_kernels(item_size, path).to_items(in, items, items, item_size, out);
  const size_t done = items * item_size;
  if (done < size) std::memcpy(out + done, in + done, size - done);
}

}  // namespace hyperslab
