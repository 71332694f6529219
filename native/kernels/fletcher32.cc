#include "kernels/fletcher32.h"

#include <algorithm>
#include <cstring>

namespace hyperslab {
namespace {

/* A block has this many pairs of words. Each word of it is added up in a lane of its own. */
constexpr size_t pairs = 8;
constexpr size_t block_bytes = 4 * pairs;

/* The most blocks that can't overflow a lane of the second sum: 65535 * 361 * 362 / 2 < 2^32. */
constexpr size_t max_blocks = 361;

/*
 * The sum of all words, and the sum of the first sum after each word, both modulo 65535. HDF5 folds
 * carries instead of dividing, so neither is 0 unless every word is.
 */
struct Sums {
  uint64_t first = 0;
  uint64_t second = 0;

  static uint64_t folded(uint64_t sum) { return sum == 0 ? 0 : (sum - 1) % 65535 + 1; }

  void fold() {
    first = folded(first);
    second = folded(second);
  }

  void add(uint16_t word) {
    first += word;
    second += first;
  }

  /*
   * In the second sum a word counts once for itself and once for each word behind it, those of its
   * own block included.
   */
  void add_lane(uint64_t lane_first, uint64_t lane_second, uint64_t lane) {
    first += lane_first;
    second += lane_second * (2 * pairs) - lane_first * lane;
  }
};

using Lanes = uint32_t __attribute__((vector_size(block_bytes)));

/*
 * Words are read little endian. Modulo 65535, swapping the bytes of a number multiplies it by 256,
 * so swapping the sums in the end has the same effect. The compiler's vectors become those of the
 * path into which this is inlined.
 */
__attribute__((always_inline)) inline Sums sum_blocks(const uint8_t *bytes, size_t blocks) {
  Sums sums;
  while (blocks > 0) {
    const size_t part = std::min(blocks, max_blocks);
    Lanes first_even = {}, second_even = {}, first_odd = {}, second_odd = {};
    for (size_t k = 0; k < part; k++, bytes += block_bytes) {
      Lanes pair;
      std::memcpy(&pair, bytes, block_bytes);
      first_even += pair & 0xffff;
      second_even += first_even;
      first_odd += pair >> 16;
      second_odd += first_odd;
    }
    sums.second += sums.first * (2 * pairs * part);
    for (size_t i = 0; i < pairs; i++) {
      sums.add_lane(first_even[i], second_even[i], 2 * i);
      sums.add_lane(first_odd[i], second_odd[i], 2 * i + 1);
    }
    sums.fold();
    blocks -= part;
  }
  return sums;
}

Sums sum_plain(const uint8_t *bytes, size_t blocks) { return sum_blocks(bytes, blocks); }

#ifdef HYPERSLAB_X86
HYPERSLAB_AVX2 Sums sum_avx2(const uint8_t *bytes, size_t blocks) {
  return sum_blocks(bytes, blocks);
}
#endif

Sums sum_on(Path path, const uint8_t *bytes, size_t blocks) {
  switch (path) {
#ifdef HYPERSLAB_X86
    case Path::avx2:
    case Path::avx512: return sum_avx2(bytes, blocks); /* no faster in larger registers */
#endif
    default: return sum_plain(bytes, blocks);
  }
}

uint32_t swapped(uint64_t sum) { return __builtin_bswap16(static_cast<uint16_t>(sum)); }

}  // namespace

uint32_t fletcher32(const uint8_t *bytes, size_t size, Path path) {
  const size_t blocks = size / block_bytes;
  Sums sums = sum_on(path, bytes, blocks);
  bytes += blocks * block_bytes;
  for (size_t left = size % block_bytes; left > 0;) {
    uint8_t word[2] = {};
    const size_t part = std::min<size_t>(left, 2);
    std::memcpy(word, bytes, part);
    sums.add(static_cast<uint16_t>(word[0] | word[1] << 8));
    bytes += part;
    left -= part;
  }
  sums.fold();
  return swapped(sums.second) << 16 | swapped(sums.first);
}

}  // namespace hyperslab
