#include "kernels/planes.h"

#ifdef HYPERSLAB_NEON

#include <arm_neon.h>

#define HYPERSLAB_TARGET
#include "kernels/planes_vector.h"

namespace hyperslab {
namespace {

constexpr size_t bytes = 16;

/* For register `a`: the place of every byte in the source registers, taken as one long table. */
template <size_t P>
struct Lookups {
  uint8_t place[P][bytes];

  constexpr explicit Lookups(ByteSource (*source)(size_t, size_t)) : place() {
    for (size_t a = 0; a < P; a++)
      for (size_t i = 0; i < bytes; i++)
        place[a][i] = static_cast<uint8_t>(source(a, i).reg * bytes + source(a, i).byte);
  }
};

template <size_t P>
constexpr Lookups<P> split_lookups(split_source<P, bytes>);
template <size_t P>
constexpr Lookups<P> join_lookups(join_source<P, bytes>);

struct Neon {
  using Register = uint8x16_t;
  static constexpr size_t width = bytes;

  /*
   * Looks places up in a table of `Count` registers; bytes whose place lies outside keep the value
   * in `rest`.
   */
  template <size_t Count>
  static inline uint8x16_t look_up(uint8x16_t rest, const uint8x16_t *in, uint8x16_t place) {
    if constexpr (Count == 1) return vqtbx1q_u8(rest, in[0], place);
    if constexpr (Count == 2) return vqtbx2q_u8(rest, {{in[0], in[1]}}, place);
    if constexpr (Count == 3) return vqtbx3q_u8(rest, {{in[0], in[1], in[2]}}, place);
    if constexpr (Count == 4) return vqtbx4q_u8(rest, {{in[0], in[1], in[2], in[3]}}, place);
  }

  /*
   * Four registers at a time, the largest table there is. Places before a table wrap round to
   * places behind it, so earlier results stay.
   */
  template <size_t P>
  static inline void mix(const uint8x16_t *in, const Lookups<P> &lookups, uint8x16_t *out) {
    const uint8x16_t table = vdupq_n_u8(4 * bytes);
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
  static inline void split_prime(const uint8x16_t *in, uint8x16_t *out) {
    if constexpr (P == 2) {
      out[0] = vuzp1q_u8(in[0], in[1]);
      out[1] = vuzp2q_u8(in[0], in[1]);
    } else {
      mix<P>(in, split_lookups<P>, out);
    }
  }

  template <size_t P>
  static inline void join_prime(const uint8x16_t *in, uint8x16_t *out) {
    if constexpr (P == 2) {
      out[0] = vzip1q_u8(in[0], in[1]);
      out[1] = vzip2q_u8(in[0], in[1]);
    } else {
      mix<P>(in, join_lookups<P>, out);
    }
  }

  static inline uint8x16_t load(const uint8_t *from) { return vld1q_u8(from); }
  static inline void store(uint8_t *to, uint8x16_t v) { vst1q_u8(to, v); }

  static PlaneKernels smaller(size_t item_size) { return plain_plane_kernels(item_size); }

  template <size_t N>
  static constexpr PlaneKernels kernels() {
    return {to_planes<Neon, N>, to_items<Neon, N>};
  }
};

}  // namespace

PlaneKernels neon_plane_kernels(size_t item_size) { return vector_plane_kernels<Neon>(item_size); }

}  // namespace hyperslab

#endif
