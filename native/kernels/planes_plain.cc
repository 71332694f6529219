#include <algorithm>
#include <utility>

#include "kernels/planes.h"

namespace hyperslab {
namespace {

/* The items of a block stay in the L1 cache while their planes are written one by one. */
constexpr size_t block_bytes = 8192;

/* A Size of 0 means any size. */
template <size_t Size>
void to_planes(const uint8_t *in, const ItemRows &rows, uint8_t *out, int64_t plane) {
  const size_t size = Size ? Size : rows.item_size;
  const size_t items = rows.items;
  const size_t block = std::max<size_t>(1, block_bytes / size);
  for (size_t r = 0; r < rows.rows; r++, in += rows.stride, out += rows.apart) {
    for (size_t begin = 0; begin < items; begin += block) {
      const size_t n = std::min(block, items - begin);
      for (size_t p = 0; p < size; p++) {
        const uint8_t *from = in + begin * size + p;
        uint8_t *to = out + static_cast<int64_t>(p) * plane + begin;
        for (size_t i = 0; i < n; i++) to[i] = from[i * size];
      }
    }
  }
}

/* Writes whole items: compilers vectorise this for a known size. */
template <size_t Size>
void to_items(const uint8_t *__restrict in, size_t plane, size_t items, size_t,
              uint8_t *__restrict out) {
  for (size_t i = 0; i < items; i++)
    for (size_t p = 0; p < Size; p++) out[i * Size + p] = in[p * plane + i];
}

template <>
void to_items<0>(const uint8_t *in, size_t plane, size_t items, size_t size, uint8_t *out) {
  const size_t block = std::max<size_t>(1, block_bytes / size);
  for (size_t begin = 0; begin < items; begin += block) {
    const size_t n = std::min(block, items - begin);
    for (size_t p = 0; p < size; p++) {
      const uint8_t *from = in + p * plane + begin;
      uint8_t *to = out + begin * size + p;
      for (size_t i = 0; i < n; i++) to[i * size] = from[i];
    }
  }
}

/* A known size helps to_planes() only if a register holds whole items. */
template <size_t Size>
constexpr PlaneKernels sized() {
  return {Size == 2 || Size == 4 || Size == 8 ? to_planes<Size> : to_planes<0>, to_items<Size>};
}

template <size_t... K>
PlaneKernels choose(size_t item_size, std::index_sequence<K...>) {
  static constexpr PlaneKernels known[] = {sized<K + 2>()...};
  return item_size - 2 < sizeof...(K) ? known[item_size - 2] : sized<0>();
}

}  // namespace

PlaneKernels plain_plane_kernels(size_t item_size) {
  return choose(item_size, std::make_index_sequence<max_sized_item - 1>());
}

}  // namespace hyperslab
