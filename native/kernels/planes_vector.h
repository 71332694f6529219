/*
 * Splitting items into planes and joining them again, written once for all vector registers.
 *
 * A block is N registers that hold as many items as a register has bytes. Split by the prime
 * factors of N, a block of items of 12 = 2 * 2 * 3 bytes takes three rounds: the first deals the
 * bytes of each pair of registers out to two, those at even and those at odd places, and so on.
 * After the last round each register holds one byte of every item. Joining takes the same rounds
 * backwards.
 *
 * A source file that includes this header defines HYPERSLAB_TARGET before, as the target attribute
 * of its instruction set or as nothing, and describes the instruction set by a struct with
 *
 *   Register                   the type of a vector register
 *   split_prime<P>(in, out)    P registers of items to P registers of planes, for a prime P
 *   join_prime<P>(in, out)     the inverse
 *   kernels<N>()               the kernels for items of N bytes
 *
 * and, for to_planes() and to_items() of this header, which suit registers in which every byte can
 * go everywhere,
 *
 *   width                      bytes of a register
 *   load(from), store(to, v)   of one register
 *   smaller(item_size)         kernels for rows that have fewer items than a register has bytes
 *
 * A target attribute can't depend on a template parameter, hence the macro. Templates without an
 * attribute, always inlined into kernels that have one, were slower by up to a quarter, and AVX2
 * kernels that took their loops from here by up to a third: GCC then inlined other functions.
 * Everything is in an unnamed namespace, so that each file has functions of its own.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "kernels/byte_maps.h"
#include "kernels/planes.h"

#ifndef HYPERSLAB_TARGET
#error "Expected HYPERSLAB_TARGET to be defined before planes_vector.h is included"
#endif

namespace hyperslab {
namespace {

/*
 * Turns registers of items into registers of planes. `p` counts the planes of this round, `m` those
 * of the rounds that follow, so plane p + P * m is what becomes of part p in its round m.
 */
template <typename Isa, size_t N>
HYPERSLAB_TARGET inline void split(typename Isa::Register *v) {
  if constexpr (N > 1) {
    constexpr size_t P = least_prime(N), M = N / P;
    typename Isa::Register part[P][M], mixed[P];
    for (size_t m = 0; m < M; m++) {
      Isa::template split_prime<P>(v + m * P, mixed);
      for (size_t p = 0; p < P; p++) part[p][m] = mixed[p];
    }
    for (size_t p = 0; p < P; p++) {
      split<Isa, M>(part[p]);
      for (size_t m = 0; m < M; m++) v[p + P * m] = part[p][m];
    }
  }
}

/* The inverse of split(). */
template <typename Isa, size_t N>
HYPERSLAB_TARGET inline void join(typename Isa::Register *v) {
  if constexpr (N > 1) {
    constexpr size_t P = least_prime(N), M = N / P;
    typename Isa::Register part[P][M], mixed[P];
    for (size_t p = 0; p < P; p++) {
      for (size_t m = 0; m < M; m++) part[p][m] = v[p + P * m];
      join<Isa, M>(part[p]);
    }
    for (size_t m = 0; m < M; m++) {
      for (size_t p = 0; p < P; p++) mixed[p] = part[p][m];
      Isa::template join_prime<P>(mixed, v + m * P);
    }
  }
}

template <typename Isa, size_t N>
HYPERSLAB_TARGET inline void block_to_planes(const uint8_t *in, uint8_t *out, int64_t plane) {
  typename Isa::Register v[N];
  for (size_t k = 0; k < N; k++) v[k] = Isa::load(in + k * Isa::width);
  split<Isa, N>(v);
  for (size_t p = 0; p < N; p++, out += plane) Isa::store(out, v[p]);
}

template <typename Isa, size_t N>
HYPERSLAB_TARGET inline void block_to_items(const uint8_t *in, size_t plane, uint8_t *out) {
  typename Isa::Register v[N];
  for (size_t p = 0; p < N; p++, in += plane) v[p] = Isa::load(in);
  join<Isa, N>(v);
  for (size_t k = 0; k < N; k++) Isa::store(out + k * Isa::width, v[k]);
}

/*
 * PlaneKernels::to_planes. Items at the end of a row that do not fill a block are done once more,
 * together with items before them, so that no load or store needs a mask.
 */
template <typename Isa, size_t N>
HYPERSLAB_TARGET void to_planes(const uint8_t *in, const ItemRows &rows, uint8_t *out,
                                int64_t plane) {
  constexpr size_t width = Isa::width;
  const size_t items = rows.items;
  if (items < width) return Isa::smaller(N).to_planes(in, rows, out, plane);
  const size_t whole = items - items % width, last = items - width;
  for (size_t r = 0; r < rows.rows; r++, in += rows.stride, out += rows.apart) {
    ask_ahead(in, rows, r);
    for (size_t i = 0; i < whole; i += width) block_to_planes<Isa, N>(in + i * N, out + i, plane);
    if (whole < items) block_to_planes<Isa, N>(in + last * N, out + last, plane);
  }
}

/* PlaneKernels::to_items. */
template <typename Isa, size_t N>
HYPERSLAB_TARGET void to_items(const uint8_t *in, size_t plane, size_t items, size_t,
                               uint8_t *out) {
  constexpr size_t width = Isa::width;
  if (items < width) return Isa::smaller(N).to_items(in, plane, items, N, out);
  const size_t whole = items - items % width, last = items - width;
  for (size_t i = 0; i < whole; i += width) block_to_items<Isa, N>(in + i, plane, out + i * N);
  if (whole < items) block_to_items<Isa, N>(in + last, plane, out + last * N);
}

/* The kernels of an instruction set for items of 2 to max_sized_item bytes. */
template <typename Isa, size_t... K>
PlaneKernels choose_kernels(size_t item_size, std::index_sequence<K...>) {
  static constexpr PlaneKernels sized[] = {Isa::template kernels<K + 2>()...};
  return sized[item_size - 2];
}

template <typename Isa>
PlaneKernels vector_plane_kernels(size_t item_size) {
  return choose_kernels<Isa>(item_size, std::make_index_sequence<max_sized_item - 1>());
}

}  // namespace
}  // namespace hyperslab
