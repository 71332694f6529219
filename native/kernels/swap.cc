#include "kernels/swap.h"

#include <cstring>

namespace hyperslab {
namespace {

inline uint16_t reversed(uint16_t value) { return __builtin_bswap16(value); }
inline uint32_t reversed(uint32_t value) { return __builtin_bswap32(value); }
inline uint64_t reversed(uint64_t value) { return __builtin_bswap64(value); }

/* Compilers vectorise this for the path into which it is inlined. */
template <typename T>
__attribute__((always_inline)) inline void swap_all(const uint8_t *__restrict in, size_t items,
                                                    uint8_t *__restrict out) {
  for (size_t i = 0; i < items; i++) {
    T value;
    std::memcpy(&value, in + i * sizeof(T), sizeof(T));
    value = reversed(value);
    std::memcpy(out + i * sizeof(T), &value, sizeof(T));
  }
}

using Swap = void (*)(const uint8_t *in, size_t items, uint8_t *out);

template <typename T>
void swap_plain(const uint8_t *in, size_t items, uint8_t *out) {
  swap_all<T>(in, items, out);
}

#ifdef HYPERSLAB_X86
template <typename T>
HYPERSLAB_AVX2 void swap_avx2(const uint8_t *in, size_t items, uint8_t *out) {
  swap_all<T>(in, items, out);
}
#endif

template <typename T>
Swap choose(Path path) {
  switch (path) {
#ifdef HYPERSLAB_X86
    case Path::avx2:
    case Path::avx512: return swap_avx2<T>; /* no faster in larger registers */
#endif
    default: return swap_plain<T>;
  }
}

}  // namespace

void swap_items(const uint8_t *in, size_t items, size_t item_size, uint8_t *out, Path path) {
  const Swap swap = item_size == 2   ? choose<uint16_t>(path)
                    : item_size == 4 ? choose<uint32_t>(path)
                                     : choose<uint64_t>(path);
  swap(in, items, out);
}

}  // namespace hyperslab
