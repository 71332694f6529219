#include "kernels/planes.h"

#ifdef HYPERSLAB_X86

#include <immintrin.h>

#include <utility>

#include "kernels/picks.h"

namespace hyperslab {
namespace {

constexpr size_t width = 64;

/*
 * For register a: the place in its register of every byte, with the bit that tells vpermi2b that it is the
 * second one; and which bytes come out of register b.
 */
template <size_t P>
struct Permutes {
  alignas(width) uint8_t place[P][width];
  __mmask64 mask[P][P];

  constexpr explicit Permutes(Pick (*pick)(size_t, size_t)) : place(), mask() {
    for (size_t a = 0; a < P; a++)
      for (size_t i = 0; i < width; i++) {
        const Pick byte = pick(a, i);
        place[a][i] = static_cast<uint8_t>(byte.at | (byte.of == 1 ? width : 0));
        mask[a][byte.of] |= __mmask64{1} << i;
      }
  }
};

template <size_t P>
constexpr Permutes<P> split_permutes(split_pick<P, width>);
template <size_t P>
constexpr Permutes<P> join_permutes(join_pick<P, width>);

template <size_t P>
HYPERSLAB_AVX512 inline void mix(const __m512i *in, const Permutes<P> &permutes, __m512i *out) {
  for (size_t a = 0; a < P; a++) {
    const __m512i place = _mm512_load_si512(permutes.place[a]);
    __m512i all = _mm512_permutex2var_epi8(in[0], place, in[1]);
    for (size_t b = 2; b < P; b++)
      all = _mm512_mask_permutexvar_epi8(all, permutes.mask[a][b], place, in[b]);
    out[a] = all;
  }
}

/* Registers of items become registers of planes; the number of a plane is p + P * m. */
template <size_t N>
HYPERSLAB_AVX512 inline void split(__m512i *v) {
  if constexpr (N > 1) {
    constexpr size_t P = least_prime(N), M = N / P;
    __m512i part[P][M], mixed[P];
    for (size_t m = 0; m < M; m++) {
      mix<P>(v + m * P, split_permutes<P>, mixed);
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
HYPERSLAB_AVX512 inline void join(__m512i *v) {
  if constexpr (N > 1) {
    constexpr size_t P = least_prime(N), M = N / P;
    __m512i part[P][M], mixed[P];
    for (size_t p = 0; p < P; p++) {
      for (size_t m = 0; m < M; m++) part[p][m] = v[p + P * m];
      join<M>(part[p]);
    }
    for (size_t m = 0; m < M; m++) {
      for (size_t p = 0; p < P; p++) mixed[p] = part[p][m];
      mix<P>(mixed, join_permutes<P>, v + m * P);
    }
  }
}

template <size_t N>
HYPERSLAB_AVX512 inline void block_to_planes(const uint8_t *in, uint8_t *out, int64_t plane) {
  __m512i v[N];
  for (size_t k = 0; k < N; k++) v[k] = _mm512_loadu_si512(in + k * width);
  split<N>(v);
  for (size_t p = 0; p < N; p++, out += plane) _mm512_storeu_si512(out, v[p]);
}

template <size_t N>
HYPERSLAB_AVX512 inline void block_to_items(const uint8_t *in, size_t plane, uint8_t *out) {
  __m512i v[N];
  for (size_t p = 0; p < N; p++, in += plane) v[p] = _mm512_loadu_si512(in);
  join<N>(v);
  for (size_t k = 0; k < N; k++) _mm512_storeu_si512(out + k * width, v[k]);
}

/*
 * What does not fill a block at the end of a row is done once more with items before it. Rows that are
 * shorter than one go to smaller registers: masks were slower.
 */
template <size_t N>
HYPERSLAB_AVX512 void to_planes(const uint8_t *in, const ItemRows &rows, uint8_t *out,
                                int64_t plane) {
  const size_t items = rows.items;
  if (items < width) return avx2_plane_kernels(N).to_planes(in, rows, out, plane);
  const size_t whole = items - items % width, last = items - width;
  for (size_t r = 0; r < rows.rows; r++, in += rows.stride, out += rows.apart) {
    ask_ahead(in, rows, r);
    for (size_t i = 0; i < whole; i += width) block_to_planes<N>(in + i * N, out + i, plane);
    if (whole < items) block_to_planes<N>(in + last * N, out + last, plane);
  }
}

template <size_t N>
HYPERSLAB_AVX512 void to_items(const uint8_t *in, size_t plane, size_t items, size_t,
                               uint8_t *out) {
  if (items < width) return avx2_plane_kernels(N).to_items(in, plane, items, N, out);
  const size_t whole = items - items % width, last = items - width;
  for (size_t i = 0; i < whole; i += width) block_to_items<N>(in + i, plane, out + i * N);
  if (whole < items) block_to_items<N>(in + last, plane, out + last * N);
}

template <size_t... K>
PlaneKernels choose(size_t item_size, std::index_sequence<K...>) {
  static constexpr PlaneKernels sized[] = {{to_planes<K + 2>, to_items<K + 2>}...};
  return sized[item_size - 2];
}

}  // namespace

PlaneKernels avx512_plane_kernels(size_t item_size) {
  return choose(item_size, std::make_index_sequence<max_sized_item - 1>());
}

}  // namespace hyperslab

#endif
