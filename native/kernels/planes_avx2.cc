#include "kernels/planes.h"

#ifdef HYPERSLAB_X86

#include <immintrin.h>

#define HYPERSLAB_TARGET HYPERSLAB_AVX2
#include "kernels/planes_vector.h"

namespace hyperslab {
namespace {

constexpr size_t half = 16;
constexpr size_t width = 2 * half;

const __m128i *of(const uint8_t *bytes) { return reinterpret_cast<const __m128i *>(bytes); }
__m128i *of(uint8_t *bytes) { return reinterpret_cast<__m128i *>(bytes); }

/*
 * The operands of vpshufb that take the bytes for register `a` out of register `b`: the place of a
 * byte, or a value that makes it 0 where another register holds the byte.
 */
template <size_t P>
struct Shuffles {
  alignas(16) uint8_t take[P][P][half];

  constexpr explicit Shuffles(ByteSource (*source)(size_t, size_t)) : take() {
    for (size_t a = 0; a < P; a++)
      for (size_t i = 0; i < half; i++)
        for (size_t b = 0; b < P; b++)
          take[a][b][i] = static_cast<uint8_t>(source(a, i).reg == b ? source(a, i).byte : 0x80);
  }
};

template <size_t P>
constexpr Shuffles<P> split_shuffles(split_source<P, half>);
template <size_t P>
constexpr Shuffles<P> join_shuffles(join_source<P, half>);

/*
 * The two halves of a register hold two runs of 16 items: vpshufb moves no byte from one half to
 * the other.
 */
struct Avx2 {
  using Register = __m256i;

  template <size_t P>
  HYPERSLAB_TARGET static inline void mix(const __m256i *in, const Shuffles<P> &shuffles,
                                          __m256i *out) {
    for (size_t a = 0; a < P; a++) {
      __m256i all = _mm256_setzero_si256();
      for (size_t b = 0; b < P; b++) {
        const __m256i take = _mm256_broadcastsi128_si256(_mm_load_si128(of(shuffles.take[a][b])));
        all = _mm256_or_si256(all, _mm256_shuffle_epi8(in[b], take));
      }
      out[a] = all;
    }
  }

  template <size_t P>
  HYPERSLAB_TARGET static inline void split_prime(const __m256i *in, __m256i *out) {
    if constexpr (P == 2) {
      const __m256i low = _mm256_set1_epi16(0xff);
      out[0] = _mm256_packus_epi16(_mm256_and_si256(in[0], low), _mm256_and_si256(in[1], low));
      out[1] = _mm256_packus_epi16(_mm256_srli_epi16(in[0], 8), _mm256_srli_epi16(in[1], 8));
    } else {
      mix<P>(in, split_shuffles<P>, out);
    }
  }

  template <size_t P>
  HYPERSLAB_TARGET static inline void join_prime(const __m256i *in, __m256i *out) {
    if constexpr (P == 2) {
      out[0] = _mm256_unpacklo_epi8(in[0], in[1]);
      out[1] = _mm256_unpackhi_epi8(in[0], in[1]);
    } else {
      mix<P>(in, join_shuffles<P>, out);
    }
  }

  template <size_t N>
  static constexpr PlaneKernels kernels();
};

HYPERSLAB_TARGET inline __m256i load_halves(const uint8_t *low, const uint8_t *high) {
  const __m256i first = _mm256_castsi128_si256(_mm_loadu_si128(of(low)));
  return _mm256_inserti128_si256(first, _mm_loadu_si128(of(high)), 1);
}

HYPERSLAB_TARGET inline void store_halves(__m256i v, uint8_t *low, uint8_t *high) {
  _mm_storeu_si128(of(low), _mm256_castsi256_si128(v));
  _mm_storeu_si128(of(high), _mm256_extracti128_si256(v, 1));
}

/* The 16 items from `first` on and the 16 from `second` on, which may overlap. */
template <size_t N>
HYPERSLAB_TARGET inline void halves_to_planes(const uint8_t *in, size_t first, size_t second,
                                              uint8_t *out, int64_t plane) {
  __m256i v[N];
  for (size_t k = 0; k < N; k++)
    v[k] = load_halves(in + first * N + k * half, in + second * N + k * half);
  split<Avx2, N>(v);
  for (size_t p = 0; p < N; p++, out += plane) {
    if (second == first + half)
      _mm256_storeu_si256(reinterpret_cast<__m256i *>(out + first), v[p]);
    else
      store_halves(v[p], out + first, out + second);
  }
}

template <size_t N>
HYPERSLAB_TARGET inline void halves_to_items(const uint8_t *in, size_t plane, size_t first,
                                             size_t second, uint8_t *out) {
  __m256i v[N];
  for (size_t p = 0; p < N; p++, in += plane) v[p] = load_halves(in + first, in + second);
  join<Avx2, N>(v);
  for (size_t k = 0; k < N; k++)
    store_halves(v[k], out + first * N + k * half, out + second * N + k * half);
}

/*
 * As in planes_vector.h, but a half is enough: rows of 16 to 31 items are two halves that overlap.
 */
template <size_t N>
HYPERSLAB_TARGET void rows_to_planes(const uint8_t *in, const ItemRows &rows, uint8_t *out,
                                     int64_t plane) {
  const size_t items = rows.items;
  if (items < half) return plain_plane_kernels(N).to_planes(in, rows, out, plane);
  const size_t whole = items - items % width;
  for (size_t r = 0; r < rows.rows; r++, in += rows.stride, out += rows.apart) {
    ask_ahead(in, rows, r);
    for (size_t i = 0; i < whole; i += width) halves_to_planes<N>(in, i, i + half, out, plane);
    if (whole < items) halves_to_planes<N>(in, whole ? items - width : 0, items - half, out, plane);
  }
}

template <size_t N>
HYPERSLAB_TARGET void planes_to_items(const uint8_t *in, size_t plane, size_t items, size_t,
                                      uint8_t *out) {
  if (items < half) return plain_plane_kernels(N).to_items(in, plane, items, N, out);
  const size_t whole = items - items % width;
  for (size_t i = 0; i < whole; i += width) halves_to_items<N>(in, plane, i, i + half, out);
  if (whole < items) halves_to_items<N>(in, plane, whole ? items - width : 0, items - half, out);
}

template <size_t N>
constexpr PlaneKernels Avx2::kernels() {
  return {rows_to_planes<N>, planes_to_items<N>};
}

}  // namespace

PlaneKernels avx2_plane_kernels(size_t item_size) { return vector_plane_kernels<Avx2>(item_size); }

}  // namespace hyperslab

#endif
