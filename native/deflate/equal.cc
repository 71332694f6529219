#include "deflate/equal.h"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef HYPERSLAB_X86
#include <immintrin.h>
#endif
#ifdef HYPERSLAB_NEON
#include <arm_neon.h>
#endif

namespace hyperslab::deflate {
namespace {

/* These fill whole words of the mask and return how many bytes that covers. */
size_t find_plain(const uint8_t *bytes, size_t size, size_t distance, uint64_t *mask) {
  const uint8_t *before = bytes - distance;
  size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    uint64_t word = 0;
    for (int k = 0; k < 64; k += 8) {
      uint64_t a, b;
      std::memcpy(&a, bytes + i + k, sizeof a);
      std::memcpy(&b, before + i + k, sizeof b);
      /*
       * Equal bytes differ by 0. Their highest bit is set, and the eight highest bits are gathered
       * by a multiplication.
       */
      const uint64_t differ = a ^ b;
      constexpr uint64_t low7 = 0x7f7f7f7f7f7f7f7f;
      const uint64_t equal = ~(((differ & low7) + low7) | differ | low7);
      word |= ((equal >> 7) * 0x0102040810204080 >> 56) << k;
    }
    mask[i / 64] = word;
  }
  return i;
}

#ifdef HYPERSLAB_X86
HYPERSLAB_AVX2 size_t find_avx2(const uint8_t *bytes, size_t size, size_t distance,
                                uint64_t *mask) {
  const auto compare = [bytes, distance](size_t at) HYPERSLAB_AVX2 {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(bytes + at));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(bytes - distance + at));
    return static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, b)));
  };
  size_t i = 0;
  for (; i + 64 <= size; i += 64)
    mask[i / 64] = compare(i) | static_cast<uint64_t>(compare(i + 32)) << 32;
  return i;
}
#endif

#ifdef HYPERSLAB_NEON
size_t find_neon(const uint8_t *bytes, size_t size, size_t distance, uint64_t *mask) {
  static const uint8_t bit[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t bits = vld1q_u8(bit);
  size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    uint8x16_t equal[4];
    for (int k = 0; k < 4; k++)
      equal[k] = vandq_u8(
          vceqq_u8(vld1q_u8(bytes + i + 16 * k), vld1q_u8(bytes - distance + i + 16 * k)), bits);
    const uint8x16_t low = vpaddq_u8(equal[0], equal[1]), high = vpaddq_u8(equal[2], equal[3]);
    const uint8x16_t all = vpaddq_u8(low, high);
    mask[i / 64] = vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(all, all)), 0);
  }
  return i;
}
#endif

size_t find_words(const uint8_t *bytes, size_t size, size_t distance, uint64_t *mask, Path path) {
  switch (path) {
#ifdef HYPERSLAB_X86
    case Path::avx2:
    case Path::avx512: return find_avx2(bytes, size, distance, mask);
#endif
#ifdef HYPERSLAB_NEON
    case Path::neon: return find_neon(bytes, size, distance, mask);
#endif
    default: return find_plain(bytes, size, distance, mask);
  }
}

}  // namespace

void find_equal(const uint8_t *bytes, size_t size, size_t distance, uint64_t *mask, Path path) {
  size_t i = find_words(bytes, size, distance, mask, path);
  if (i == size) return;
  uint64_t last = 0;
  for (unsigned bit = 0; i < size; i++, bit++)
    last |= static_cast<uint64_t>(bytes[i] == (bytes - distance)[i]) << bit;
  mask[(size - 1) / 64] = last;
}

void find_runs(const uint64_t *mask, size_t words, unsigned least, uint64_t *starts) {
  std::copy_n(mask, words, starts);
  /* If `length` bits are set from i on and from i + s on, length + s are set from i on. */
  for (unsigned length = 1; length < least;) {
    const unsigned shift = std::min(length, least - length);
    for (size_t i = 0; i + 1 < words; i++)
      starts[i] &= starts[i] >> shift | starts[i + 1] << (64 - shift);
    starts[words - 1] &= starts[words - 1] >> shift;
    length += shift;
  }
}

namespace {

inline uint64_t count_plain(const uint64_t *mask, size_t words) {
  uint64_t count = 0;
  for (size_t i = 0; i < words; i++) count += static_cast<uint64_t>(std::popcount(mask[i]));
  return count;
}

#ifdef HYPERSLAB_X86
HYPERSLAB_AVX2 uint64_t count_avx2(const uint64_t *mask, size_t words) {
  uint64_t count = 0;
  for (size_t i = 0; i < words; i++) count += static_cast<uint64_t>(_mm_popcnt_u64(mask[i]));
  return count;
}
#endif

}  // namespace

uint64_t count_set(const uint64_t *mask, size_t words, Path path) {
#ifdef HYPERSLAB_X86
  if (path != Path::plain) return count_avx2(mask, words);
#endif
  (void)path;
  return count_plain(mask, words);
}

}  // namespace hyperslab::deflate
