#include <algorithm>

#include "deflate/histogram.h"

#ifdef HYPERSLAB_X86
#include <immintrin.h>
#endif
#ifdef HYPERSLAB_NEON
#include <arm_neon.h>
#endif

namespace hyperslab::deflate {
namespace {

/* Each byte of a register is a counter, which overflows after this many rounds. */
constexpr size_t max_rounds = 255;

size_t count_rest(const uint8_t *bytes, size_t size, const uint8_t *values, size_t n,
                  uint32_t *counts) {
  for (size_t i = 0; i < size; i++)
    for (size_t k = 0; k < n; k++) counts[k] += bytes[i] == values[k];
  size_t all = 0;
  for (size_t k = 0; k < n; k++) all += counts[k];
  return all;
}

#ifdef HYPERSLAB_X86
HYPERSLAB_AVX2 size_t count_avx2(const uint8_t *bytes, size_t size, const uint8_t *values, size_t n,
                                 uint32_t *counts) {
  constexpr size_t wide = sizeof(__m256i);
  size_t done = 0;
  while (size - done >= wide) {
    const size_t rounds = std::min(max_rounds, (size - done) / wide);
    const auto *words = reinterpret_cast<const __m256i *>(bytes + done);
    for (size_t k = 0; k < n; k++) {
      const __m256i value = _mm256_set1_epi8(static_cast<char>(values[k]));
      __m256i sums = _mm256_setzero_si256();
      for (size_t i = 0; i < rounds; i++)
        sums = _mm256_sub_epi8(sums, _mm256_cmpeq_epi8(_mm256_loadu_si256(words + i), value));
      const __m256i parts = _mm256_sad_epu8(sums, _mm256_setzero_si256());
      counts[k] +=
          static_cast<uint32_t>(_mm256_extract_epi64(parts, 0) + _mm256_extract_epi64(parts, 1) +
                                _mm256_extract_epi64(parts, 2) + _mm256_extract_epi64(parts, 3));
    }
    done += rounds * wide;
  }
  return done;
}
#endif

#ifdef HYPERSLAB_NEON
size_t count_neon(const uint8_t *bytes, size_t size, const uint8_t *values, size_t n,
                  uint32_t *counts) {
  constexpr size_t wide = sizeof(uint8x16_t);
  size_t done = 0;
  while (size - done >= wide) {
    const size_t rounds = std::min(max_rounds, (size - done) / wide);
    for (size_t k = 0; k < n; k++) {
      const uint8x16_t value = vdupq_n_u8(values[k]);
      uint8x16_t sums = vdupq_n_u8(0);
      for (size_t i = 0; i < rounds; i++)
        sums = vsubq_u8(sums, vceqq_u8(vld1q_u8(bytes + done + i * wide), value));
      counts[k] += vaddlvq_u8(sums);
    }
    done += rounds * wide;
  }
  return done;
}
#endif

}  // namespace

size_t count_values(const uint8_t *bytes, size_t size, const uint8_t *values, size_t n,
                    uint32_t *counts, Path path) {
  std::fill_n(counts, n, 0);
  size_t done = 0;
  switch (path) {
#ifdef HYPERSLAB_X86
    case Path::avx2:
    case Path::avx512: done = count_avx2(bytes, size, values, n, counts); break;
#endif
#ifdef HYPERSLAB_NEON
    case Path::neon: done = count_neon(bytes, size, values, n, counts); break;
#endif
    default: return 0; /* counting in a histogram is faster */
  }
  return count_rest(bytes + done, size - done, values, n, counts);
}

}  // namespace hyperslab::deflate
