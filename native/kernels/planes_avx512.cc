#include "kernels/planes.h"

#ifdef HYPERSLAB_X86

#include <immintrin.h>

#define HYPERSLAB_TARGET HYPERSLAB_AVX512
#include "kernels/planes_vector.h"

namespace hyperslab {
namespace {

constexpr size_t bytes = 64;

/*
 * For register `a`: the place of every byte in its source register, with the bit that makes
 * vpermi2b read the second one; and which bytes come out of register `b`.
 */
template <size_t P>
struct Permutes {
  alignas(bytes) uint8_t place[P][bytes];
  __mmask64 mask[P][P];

  constexpr explicit Permutes(ByteSource (*source)(size_t, size_t)) : place(), mask() {
    for (size_t a = 0; a < P; a++)
      for (size_t i = 0; i < bytes; i++) {
        const ByteSource from = source(a, i);
        place[a][i] = static_cast<uint8_t>(from.byte | (from.reg == 1 ? bytes : 0));
        mask[a][from.reg] |= __mmask64{1} << i;
      }
  }
};

template <size_t P>
constexpr Permutes<P> split_permutes(split_source<P, bytes>);
template <size_t P>
constexpr Permutes<P> join_permutes(join_source<P, bytes>);

/* Permutes with VBMI reach every byte of a register. */
struct Avx512 {
  using Register = __m512i;
  static constexpr size_t width = bytes;

  template <size_t P>
  HYPERSLAB_TARGET static inline void mix(const __m512i *in, const Permutes<P> &permutes,
                                          __m512i *out) {
    for (size_t a = 0; a < P; a++) {
      const __m512i place = _mm512_load_si512(permutes.place[a]);
      __m512i all = _mm512_permutex2var_epi8(in[0], place, in[1]);
      for (size_t b = 2; b < P; b++)
        all = _mm512_mask_permutexvar_epi8(all, permutes.mask[a][b], place, in[b]);
      out[a] = all;
    }
  }

  template <size_t P>
  HYPERSLAB_TARGET static inline void split_prime(const __m512i *in, __m512i *out) {
    mix<P>(in, split_permutes<P>, out);
  }

  template <size_t P>
  HYPERSLAB_TARGET static inline void join_prime(const __m512i *in, __m512i *out) {
    mix<P>(in, join_permutes<P>, out);
  }

  HYPERSLAB_TARGET static inline __m512i load(const uint8_t *from) {
    return _mm512_loadu_si512(from);
  }
  HYPERSLAB_TARGET static inline void store(uint8_t *to, __m512i v) { _mm512_storeu_si512(to, v); }

  /* Rows shorter than a register go to smaller ones: masks were slower. */
  static PlaneKernels smaller(size_t item_size) { return avx2_plane_kernels(item_size); }

  template <size_t N>
  static constexpr PlaneKernels kernels() {
    return {to_planes<Avx512, N>, to_items<Avx512, N>};
  }
};

}  // namespace

PlaneKernels avx512_plane_kernels(size_t item_size) {
  return vector_plane_kernels<Avx512>(item_size);
}

}  // namespace hyperslab

#endif
