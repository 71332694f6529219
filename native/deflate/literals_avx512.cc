#include "deflate/literals.h"

#ifdef HYPERSLAB_X86

#include <immintrin.h>

#include <cstring>

/* Some releases of GCC warn about intrinsics that leave lanes undefined. */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace hyperslab::deflate {
namespace {

constexpr size_t group = 64; /* literals of one register */
constexpr size_t words = group / 8;
constexpr size_t batch = 8; /* groups that are joined before any is written */

/* A table of 256 bytes. */
struct Table {
  __m512i quarters[4];

  HYPERSLAB_AVX512 explicit Table(const uint8_t *bytes) {
    for (int k = 0; k < 4; k++) quarters[k] = _mm512_load_si512(bytes + 64 * k);
  }

  HYPERSLAB_AVX512 __m512i at(__m512i index) const {
    return _mm512_mask_blend_epi8(_mm512_movepi8_mask(index),
                                  _mm512_permutex2var_epi8(quarters[0], index, quarters[1]),
                                  _mm512_permutex2var_epi8(quarters[2], index, quarters[3]));
  }
};

/* A BitWriter that takes up to 64 bits at a time. */
struct WordWriter {
  uint8_t *next;
  uint64_t bits;
  uint64_t count;

  void put(uint64_t value, uint64_t width) {
    bits |= value << count;
    std::memcpy(next, &bits, sizeof bits);
    const uint64_t rest = (value >> 1) >> (63 - count);
    const uint64_t total = count + width;
    bits = total >> 6 ? rest : bits;
    next += total >> 3 & 8;
    count = total & 63;
  }

  void put_all(const uint64_t *values, const uint64_t *widths, size_t n) {
    for (size_t i = 0; i < n; i += 4) {
      put(values[i], widths[i]);
      put(values[i + 1], widths[i + 1]);
      put(values[i + 2], widths[i + 2]);
      put(values[i + 3], widths[i + 3]);
    }
  }
};

/*
 * Joins the codes of four neighbours in each 64 bits, and adds up their lengths. Codes and lengths
 * are 16 bits each.
 */
HYPERSLAB_AVX512 inline void join_four(__m512i codes, __m512i lengths, __m512i &joined,
                                       __m512i &widths) {
  const __m512i low16 = _mm512_set1_epi32(0xffff), low32 = _mm512_set1_epi64(0xffffffff);
  const __m512i pairs = _mm512_or_si512(
      _mm512_and_si512(codes, low16),
      _mm512_sllv_epi32(_mm512_srli_epi32(codes, 16), _mm512_and_si512(lengths, low16)));
  const __m512i pair_widths = _mm512_madd_epi16(lengths, _mm512_set1_epi16(1));
  const __m512i first = _mm512_and_si512(pair_widths, low32);
  joined = _mm512_or_si512(_mm512_and_si512(pairs, low32),
                           _mm512_sllv_epi64(_mm512_srli_epi64(pairs, 32), first));
  widths = _mm512_add_epi64(first, _mm512_srli_epi64(pair_widths, 32));
}

}  // namespace

HYPERSLAB_AVX512 size_t write_literals_avx512(BitWriter &out, const uint8_t *bytes, size_t size,
                                              const BlockCode &code) {
  const Table lengths(code.literal_planes()), low(code.literal_planes() + 256),
      high(code.literal_planes() + 512);
  const __m512i zero = _mm512_setzero_si512(), most = _mm512_set1_epi64(64);
  alignas(64) uint64_t values[batch * words], widths[batch * words];
  WordWriter writer{out.next, out.bits, out.count};
  size_t done = 0;
  while (done + group <= size) {
    size_t made = 0; /* words */
    for (size_t k = 0; k < batch && done + group <= size; k++, done += group) {
      const __m512i literals = _mm512_loadu_si512(bytes + done);
      const __m512i length = lengths.at(literals);
      const __m512i a = low.at(literals), b = high.at(literals);
      __m512i fours[2], four_widths[2]; /* literals 0 to 7 of each 16, and 8 to 15 */
      join_four(_mm512_unpacklo_epi8(a, b), _mm512_unpacklo_epi8(length, zero), fours[0],
                four_widths[0]);
      join_four(_mm512_unpackhi_epi8(a, b), _mm512_unpackhi_epi8(length, zero), fours[1],
                four_widths[1]);
      const __m512i first = _mm512_unpacklo_epi64(fours[0], fours[1]);
      const __m512i second = _mm512_unpackhi_epi64(fours[0], fours[1]);
      const __m512i first_widths = _mm512_unpacklo_epi64(four_widths[0], four_widths[1]);
      const __m512i second_widths = _mm512_unpackhi_epi64(four_widths[0], four_widths[1]);
      const __m512i eight_widths = _mm512_add_epi64(first_widths, second_widths);
      if (__builtin_expect(_mm512_cmpgt_epi64_mask(eight_widths, most) != 0, 0)) {
        writer.put_all(values, widths, made);
        made = 0;
        alignas(64) uint64_t parts[4][words];
        _mm512_store_si512(parts[0], first);
        _mm512_store_si512(parts[1], first_widths);
        _mm512_store_si512(parts[2], second);
        _mm512_store_si512(parts[3], second_widths);
        for (size_t i = 0; i < words; i++) {
          writer.put(parts[0][i], parts[1][i]);
          writer.put(parts[2][i], parts[3][i]);
        }
        continue;
      }
      _mm512_store_si512(values + made,
                         _mm512_or_si512(first, _mm512_sllv_epi64(second, first_widths)));
      _mm512_store_si512(widths + made, eight_widths);
      made += words;
    }
    writer.put_all(values, widths, made);
  }
  std::memcpy(writer.next, &writer.bits, sizeof writer.bits);
  out.next = writer.next + (writer.count >> 3);
  out.bits = writer.bits >> (writer.count & 56);
  out.count = static_cast<unsigned>(writer.count & 7);
  return done;
}

}  // namespace hyperslab::deflate

#endif
