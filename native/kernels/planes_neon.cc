#include "kernels/planes.h"

#ifdef HYPERSLAB_NEON

#include <arm_neon.h>

#include <utility>

#include "kernels/picks.h"

namespace hyperslab {
namespace {

constexpr size_t width = 16;

/* For register a: the place of every byte within the registers one after the other. */
template <size_t P>
struct Lookups {
  uint8_t place[P][width];

  constexpr explicit Lookups(Pick (*pick)(size_t, size_t)) : place() {
    for (size_t a = 0; a < P; a++)
      for (size_t i = 0; i < width; i++)
        place[a][i] = static_cast<uint8_t>(pick(a, i).of * width + pick(a, i).at);
  }
};

template <size_t P>
constexpr Lookups<P> split_lookups(split_pick<P, width>);
template <size_t P>
constexpr Lookups<P> join_lookups(join_pick<P, width>);

/* Takes what lies in `Count` registers; other bytes stay as they are. */
template <size_t Count>
inline uint8x16_t look_up(uint8x16_t rest, const uint8x16_t *in, uint8x16_t place) {
  if constexpr (Count == 1) return vqtbx1q_u8(rest, in[0], place);
  if constexpr (Count == 2) return vqtbx2q_u8(rest, {{in[0], in[1]}}, place);
  if constexpr (Count == 3) return vqtbx3q_u8(rest, {{in[0], in[1], in[2]}}, place);
  if constexpr (Count == 4) return vqtbx4q_u8(rest, {{in[0], in[1], in[2], in[3]}}, place);
}

/* Places that lie before a table wrap round to places behind it. */
template <size_t P>
inline void mix(const uint8x16_t *in, const Lookups<P> &lookups, uint8x16_t *out) {
  const uint8x16_t table = vdupq_n_u8(4 * width);
  for (size_t a = 0; a < P; a++) {
    uint8x16_t place = vld1q_u8(lookups.place[a]);
    uint8x16_t all = vdupq_n_u8(0);
    for (size_t b = 0; b + 4 <= P; b += 4, place = vsubq_u8(place, table))
      all = look_up<4>(all, in + b, place);
    if constexpr (P % 4 != 0) all = look_up<P % 4>(all, in + P / 4 * 4, place);
    out[a] = all;
  }
}

template <size_t P>
inline void split_prime(const uint8x16_t *in, uint8x16_t *out) {
  if constexpr (P == 2) {
    out[0] = vuzp1q_u8(in[0], in[1]);
    out[1] = vuzp2q_u8(in[0], in[1]);
  } else {
    mix<P>(in, split_lookups<P>, out);
  }
}

template <size_t P>
inline void join_prime(const uint8x16_t *in, uint8x16_t *out) {
  if constexpr (P == 2) {
    out[0] = vzip1q_u8(in[0], in[1]);
    out[1] = vzip2q_u8(in[0], in[1]);
  } else {
    mix<P>(in, join_lookups<P>, out);
  }
}

/* Registers of items become registers of planes; the number of a plane is p + P * m. */
template <size_t N>
inline void split(uint8x16_t *v) {
  if constexpr (N > 1) {
    constexpr size_t P = least_prime(N), M = N / P;
    uint8x16_t part[P][M], mixed[P];
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
inline void join(uint8x16_t *v) {
  if constexpr (N > 1) {
    constexpr size_t P = least_prime(N), M = N / P;
    uint8x16_t part[P][M], mixed[P];
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

template <size_t N>
inline void block_to_planes(const uint8_t *in, uint8_t *out, int64_t plane) {
  uint8x16_t v[N];
  for (size_t k = 0; k < N; k++) v[k] = vld1q_u8(in + k * width);
  split<N>(v);
  for (size_t p = 0; p < N; p++, out += plane) vst1q_u8(out, v[p]);
}

template <size_t N>
inline void block_to_items(const uint8_t *in, size_t plane, uint8_t *out) {
  uint8x16_t v[N];
  for (size_t p = 0; p < N; p++, in += plane) v[p] = vld1q_u8(in);
  join<N>(v);
  for (size_t k = 0; k < N; k++) vst1q_u8(out + k * width, v[k]);
}

/* What does not fill a block at the end of a row is done once more with items before it. */
template <size_t N>
void to_planes(const uint8_t *in, const ItemRows &rows, uint8_t *out, int64_t plane) {
  const size_t items = rows.items;
  if (items < width) return plain_plane_kernels(N).to_planes(in, rows, out, plane);
  const size_t whole = items - items % width, last = items - width;
  for (size_t r = 0; r < rows.rows; r++, in += rows.stride, out += rows.apart) {
    ask_ahead(in, rows, r);
    for (size_t i = 0; i < whole; i += width) block_to_planes<N>(in + i * N, out + i, plane);
    if (whole < items) block_to_planes<N>(in + last * N, out + last, plane);
  }
}

template <size_t N>
void to_items(const uint8_t *in, size_t plane, size_t items, size_t, uint8_t *out) {
  if (items < width) return plain_plane_kernels(N).to_items(in, plane, items, N, out);
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

PlaneKernels neon_plane_kernels(size_t item_size) {
  return choose(item_size, std::make_index_sequence<max_sized_item - 1>());
}

}  // namespace hyperslab

#endif
