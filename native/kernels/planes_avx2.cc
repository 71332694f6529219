#include "kernels/planes.h"

#ifdef HYPERSLAB_X86

#include <immintrin.h>

#include <utility>

#include "kernels/picks.h"

/*
 * The two halves of a register hold two runs of 16 items, so that no byte ever has to go from one half to
 * the other.
 */
namespace hyperslab {
namespace {

constexpr size_t half = 16;
constexpr size_t width = 2 * half;

const __m128i *of(const uint8_t *bytes) { return reinterpret_cast<const __m128i *>(bytes); }
__m128i *of(uint8_t *bytes) { return reinterpret_cast<__m128i *>(bytes); }

HYPERSLAB_AVX2 inline __m256i load_halves(const uint8_t *low, const uint8_t *high) {
  const __m256i first = _mm256_castsi128_si256(_mm_loadu_si128(of(low)));
  return _mm256_inserti128_si256(first, _mm_loadu_si128(of(high)), 1);
}

HYPERSLAB_AVX2 inline void store_halves(__m256i v, uint8_t *low, uint8_t *high) {
  _mm_storeu_si128(of(low), _mm256_castsi256_si128(v));
  _mm_storeu_si128(of(high), _mm256_extracti128_si256(v, 1));
}

/* What vpshufb takes out of register b for register a: a byte of it, or 0 for what others hold. */
template <size_t P>
struct Shuffles {
  alignas(16) uint8_t take[P][P][half];

  constexpr explicit Shuffles(Pick (*pick)(size_t, size_t)) : take() {
    for (size_t a = 0; a < P; a++)
      for (size_t i = 0; i < half; i++)
        for (size_t b = 0; b < P; b++)
          take[a][b][i] = static_cast<uint8_t>(pick(a, i).of == b ? pick(a, i).at : 0x80);
  }
};

template <size_t P>
constexpr Shuffles<P> split_shuffles(split_pick<P, half>);
template <size_t P>
constexpr Shuffles<P> join_shuffles(join_pick<P, half>);

template <size_t P>
HYPERSLAB_AVX2 inline void mix(const __m256i *in, const Shuffles<P> &shuffles, __m256i *out) {
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
HYPERSLAB_AVX2 inline void split_prime(const __m256i *in, __m256i *out) {
  if constexpr (P == 2) {
    const __m256i low = _mm256_set1_epi16(0xff);
    out[0] = _mm256_packus_epi16(_mm256_and_si256(in[0], low), _mm256_and_si256(in[1], low));
    out[1] = _mm256_packus_epi16(_mm256_srli_epi16(in[0], 8), _mm256_srli_epi16(in[1], 8));
  } else {
    mix<P>(in, split_shuffles<P>, out);
  }
}

template <size_t P>
HYPERSLAB_AVX2 inline void join_prime(const __m256i *in, __m256i *out) {
  if constexpr (P == 2) {
    out[0] = _mm256_unpacklo_epi8(in[0], in[1]);
    out[1] = _mm256_unpackhi_epi8(in[0], in[1]);
  } else {
    mix<P>(in, join_shuffles<P>, out);
  }
}

/* Registers of items become registers of planes; the number of a plane is p + P * m. */
template <size_t N>
HYPERSLAB_AVX2 inline void split(__m256i *v) {
  if constexpr (N > 1) {
    constexpr size_t P = least_prime(N), M = N / P;
    __m256i part[P][M], mixed[P];
    for (size_t m = 0; m < M; m++) {
      split_prime<P>(v + m * P, mixed);
      for (size_t p = 0; p < P; p++) part[p][m] = mixed[p];
    }
    for (size_t p = 0; p < P; p++) {
      split<M>(part[p]);
      for (size_t m = 0; m < M; m++) v[p + P * m] = part[p][m];
    }
  }
}

/* The way back of split(). */
template <size_t N>
HYPERSLAB_AVX2 inline void join(__m256i *v) {
  if constexpr (N > 1) {
    constexpr size_t P = least_prime(N), M = N / P;
    __m256i part[P][M], mixed[P];
    for (size_t p = 0; p < P; p++) {
      for (size_t m = 0; m < M; m++) part[p][m] = v[p + P * m];
      join<M>(part[p]);
    }
    for (size_t m = 0; m < M; m++) {
      for (size_t p = 0; p < P; p++) mixed[p] = part[p][m];
      join_prime<P>(mixed, v + m * P);
    }
  }
}

/* The 16 items from `first` on and the 16 from `second` on, which may overlap. */
template <size_t N>
HYPERSLAB_AVX2 inline void block_to_planes(const uint8_t *in, size_t first, size_t second,
                                           uint8_t *out, int64_t plane) {
  __m256i v[N];
  for (size_t k = 0; k < N; k++)
    v[k] = load_halves(in + first * N + k * half, in + second * N + k * half);
  split<N>(v);
  for (size_t p = 0; p < N; p++, out += plane) {
    if (second == first + half)
      _mm256_storeu_si256(reinterpret_cast<__m256i *>(out + first), v[p]);
    else
      store_halves(v[p], out + first, out + second);
  }
}

template <size_t N>
HYPERSLAB_AVX2 inline void block_to_items(const uint8_t *in, size_t plane, size_t first,
                                          size_t second, uint8_t *out) {
  __m256i v[N];
  for (size_t p = 0; p < N; p++, in += plane) v[p] = load_halves(in + first, in + second);
  join<N>(v);
  for (size_t k = 0; k < N; k++)
    store_halves(v[k], out + first * N + k * half, out + second * N + k * half);
}

/* What does not fill a block at the end of a row is done once more with items before it. */
template <size_t N>
HYPERSLAB_AVX2 void to_planes(const uint8_t *in, const ItemRows &rows, uint8_t *out,
                              int64_t plane) {
  const size_t items = rows.items;
  if (items < half) return plain_plane_kernels(N).to_planes(in, rows, out, plane);
  const size_t whole = items - items % width;
  for (size_t r = 0; r < rows.rows; r++, in += rows.stride, out += rows.apart) {
    ask_ahead(in, rows, r);
    for (size_t i = 0; i < whole; i += width) block_to_planes<N>(in, i, i + half, out, plane);
    if (whole < items) block_to_planes<N>(in, whole ? items - width : 0, items - half, out, plane);
  }
}

template <size_t N>
HYPERSLAB_AVX2 void to_items(const uint8_t *in, size_t plane, size_t items, size_t, uint8_t *out) {
  if (items < half) return plain_plane_kernels(N).to_items(in, plane, items, N, out);
  const size_t whole = items - items % width;
  for (size_t i = 0; i < whole; i += width) block_to_items<N>(in, plane, i, i + half, out);
  if (whole < items) block_to_items<N>(in, plane, whole ? items - width : 0, items - half, out);
}

template <size_t... K>
PlaneKernels choose(size_t item_size, std::index_sequence<K...>) {
  static constexpr PlaneKernels sized[] = {{to_planes<K + 2>, to_items<K + 2>}...};
  return sized[item_size - 2];
}

}  // namespace

PlaneKernels avx2_plane_kernels(size_t item_size) {
  return choose(item_size, std::make_index_sequence<max_sized_item - 1>());
}

}  // namespace hyperslab

#endif
