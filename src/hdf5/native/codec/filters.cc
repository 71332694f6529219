#include "codec/filters.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>

#if defined(__SSE2__) && !defined(HYPERSLAB_NO_SIMD)
#define HYPERSLAB_SSE2 1
#include <emmintrin.h>
#endif

namespace hyperslab {
namespace {

/* Items of one block stay in the first-level cache while their planes are written one by one. */
constexpr size_t block_bytes = 8192;

template <size_t Size>
void shuffle_plain(const uint8_t *in, size_t from, size_t items, size_t item, uint8_t *out) {
  const size_t size = Size ? Size : item;
  const size_t block = std::max<size_t>(1, block_bytes / size);
  for (size_t begin = from; begin < items; begin += block) {
    const size_t end = std::min(items, begin + block);
    for (size_t p = 0; p < size; p++)
      for (size_t i = begin; i < end; i++) out[p * items + i] = in[i * size + p];
  }
}

template <size_t Size>
void unshuffle_plain(const uint8_t *in, size_t from, size_t items, size_t item, uint8_t *out) {
  const size_t size = Size ? Size : item;
  const size_t block = std::max<size_t>(1, block_bytes / size);
  for (size_t begin = from; begin < items; begin += block) {
    const size_t end = std::min(items, begin + block);
    for (size_t p = 0; p < size; p++)
      for (size_t i = begin; i < end; i++) out[i * size + p] = in[p * items + i];
  }
}

#ifdef HYPERSLAB_SSE2

/*
 * Splits the bytes of N registers into those at even and at odd places; after log2(N) rounds every
 * register holds one plane of 16 items.
 */
template <size_t N>
inline void split(__m128i *v) {
  if constexpr (N > 1) {
    const __m128i low = _mm_set1_epi16(0xff);
    __m128i even[N / 2], odd[N / 2];
    for (size_t k = 0; k < N / 2; k++) {
      const __m128i a = v[2 * k], b = v[2 * k + 1];
      even[k] = _mm_packus_epi16(_mm_and_si128(a, low), _mm_and_si128(b, low));
      odd[k] = _mm_packus_epi16(_mm_srli_epi16(a, 8), _mm_srli_epi16(b, 8));
    }
    split<N / 2>(even);
    split<N / 2>(odd);
    for (size_t k = 0; k < N / 2; k++) {
      v[2 * k] = even[k];
      v[2 * k + 1] = odd[k];
    }
  }
}

/* The way back of split(). */
template <size_t N>
inline void join(__m128i *v) {
  if constexpr (N > 1) {
    __m128i even[N / 2], odd[N / 2];
    for (size_t k = 0; k < N / 2; k++) {
      even[k] = v[2 * k];
      odd[k] = v[2 * k + 1];
    }
    join<N / 2>(even);
    join<N / 2>(odd);
    for (size_t k = 0; k < N / 2; k++) {
      v[2 * k] = _mm_unpacklo_epi8(even[k], odd[k]);
      v[2 * k + 1] = _mm_unpackhi_epi8(even[k], odd[k]);
    }
  }
}

/* Both return how many items they did: all but less than 16. */
template <size_t Size>
size_t shuffle_fast(const uint8_t *in, size_t items, uint8_t *out) {
  size_t i = 0;
  for (; i + 16 <= items; i += 16) {
    __m128i v[Size];
    for (size_t k = 0; k < Size; k++)
      v[k] = _mm_loadu_si128(reinterpret_cast<const __m128i *>(in + i * Size) + k);
    split<Size>(v);
    for (size_t p = 0; p < Size; p++)
      _mm_storeu_si128(reinterpret_cast<__m128i *>(out + p * items + i), v[p]);
  }
  return i;
}

template <size_t Size>
size_t unshuffle_fast(const uint8_t *in, size_t items, uint8_t *out) {
  size_t i = 0;
  for (; i + 16 <= items; i += 16) {
    __m128i v[Size];
    for (size_t p = 0; p < Size; p++)
      v[p] = _mm_loadu_si128(reinterpret_cast<const __m128i *>(in + p * items + i));
    join<Size>(v);
    for (size_t k = 0; k < Size; k++)
      _mm_storeu_si128(reinterpret_cast<__m128i *>(out + i * Size) + k, v[k]);
  }
  return i;
}

#else

template <size_t Size>
size_t shuffle_fast(const uint8_t *, size_t, uint8_t *) {
  return 0;
}
template <size_t Size>
size_t unshuffle_fast(const uint8_t *, size_t, uint8_t *) {
  return 0;
}

#endif

template <size_t Size>
void shuffle_sized(const uint8_t *in, size_t items, uint8_t *out) {
  shuffle_plain<Size>(in, shuffle_fast<Size>(in, items, out), items, Size, out);
}

template <size_t Size>
void unshuffle_sized(const uint8_t *in, size_t items, uint8_t *out) {
  unshuffle_plain<Size>(in, unshuffle_fast<Size>(in, items, out), items, Size, out);
}

}  // namespace

void shuffle(const uint8_t *in, size_t size, size_t item_size, uint8_t *out) {
  const size_t items = size / item_size;
  switch (item_size) {
    case 1: break;
    case 2: shuffle_sized<2>(in, items, out); break;
    case 4: shuffle_sized<4>(in, items, out); break;
    case 8: shuffle_sized<8>(in, items, out); break;
    default: shuffle_plain<0>(in, 0, items, item_size, out);
  }
  const size_t done = item_size == 1 ? 0 : items * item_size;
  if (done < size) std::memcpy(out + done, in + done, size - done);
}

void unshuffle(const uint8_t *in, size_t size, size_t item_size, uint8_t *out) {
  const size_t items = size / item_size;
  switch (item_size) {
    case 1: break;
    case 2: unshuffle_sized<2>(in, items, out); break;
    case 4: unshuffle_sized<4>(in, items, out); break;
    case 8: unshuffle_sized<8>(in, items, out); break;
    default: unshuffle_plain<0>(in, 0, items, item_size, out);
  }
  const size_t done = item_size == 1 ? 0 : items * item_size;
  if (done < size) std::memcpy(out + done, in + done, size - done);
}

uint32_t fletcher32(const uint8_t *bytes, size_t size) {
  uint32_t sum1 = 0, sum2 = 0;
  const auto fold = [&] {
    sum1 = (sum1 & 0xffff) + (sum1 >> 16);
    sum2 = (sum2 & 0xffff) + (sum2 >> 16);
  };
  for (size_t words = size / 2; words > 0;) {
    /* As many words as cannot overflow sum2. */
    const size_t part = std::min<size_t>(words, 360);
    for (size_t i = 0; i < part; i++, bytes += 2) {
      sum1 += static_cast<uint32_t>(bytes[0]) << 8 | bytes[1];
      sum2 += sum1;
    }
    fold();
    words -= part;
  }
  if (size % 2) {
    sum1 += static_cast<uint32_t>(*bytes) << 8;
    sum2 += sum1;
    fold();
  }
  fold();
  return sum2 << 16 | sum1;
}

void append_fletcher32(uint8_t *bytes, size_t size) {
  const uint32_t sum = fletcher32(bytes, size);
  for (size_t k = 0; k < fletcher32_size; k++)
    bytes[size + k] = static_cast<uint8_t>(sum >> (8 * k));
}

bool check_fletcher32(const uint8_t *bytes, size_t size) {
  if (size < fletcher32_size) return false;
  const uint8_t *tail = bytes + size - fletcher32_size;
  const uint32_t stored = static_cast<uint32_t>(tail[0]) | static_cast<uint32_t>(tail[1]) << 8 |
                          static_cast<uint32_t>(tail[2]) << 16 |
                          static_cast<uint32_t>(tail[3]) << 24;
  const uint32_t sum = fletcher32(bytes, size - fletcher32_size);
  const uint32_t swapped = (sum & 0x00ff00ff) << 8 | (sum >> 8 & 0x00ff00ff);
  return stored == sum || stored == swapped;
}

Deflater::Deflater(int level) {
  if (level < 0 || level > max_deflate_level)
    throw std::invalid_argument("Expected 0 to 12 for the deflate level but received " +
                                std::to_string(level));
  compressor_.reset(libdeflate_alloc_compressor(level));
  if (!compressor_) throw std::bad_alloc();
}

void Deflater::Free::operator()(libdeflate_compressor *compressor) const {
  libdeflate_free_compressor(compressor);
}

size_t Deflater::bound(size_t size) { return libdeflate_zlib_compress_bound(nullptr, size); }

size_t Deflater::memory(int level) {
  /* Measured with libdeflate 1.14 (6 KB, 203 KB, 668 KB, 9.0 MB), rounded up for other releases. */
  constexpr size_t KiB = 1024;
  if (level <= 0) return 16 * KiB;
  if (level == 1) return 256 * KiB;
  if (level <= 9) return 1024 * KiB;
  return 10 * 1024 * KiB;
}

size_t Deflater::compress(const uint8_t *in, size_t size, uint8_t *out) {
  const size_t stored = libdeflate_zlib_compress(compressor_.get(), in, size, out, bound(size));
  if (stored == 0) throw std::logic_error("libdeflate broke its own bound");
  return stored;
}

Inflater::Inflater() : decompressor_(libdeflate_alloc_decompressor()) {
  if (!decompressor_) throw std::bad_alloc();
}

void Inflater::Free::operator()(libdeflate_decompressor *decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

/* 12 KB with libdeflate 1.14. */
size_t Inflater::memory() { return 16 * 1024; }

std::optional<size_t> Inflater::decompress(const uint8_t *in, size_t size, uint8_t *out,
                                           size_t room) {
  size_t got = 0;
  const libdeflate_result result =
      libdeflate_zlib_decompress(decompressor_.get(), in, size, out, room, &got);
  if (result != LIBDEFLATE_SUCCESS) return std::nullopt;
  return got;
}

}  // namespace hyperslab
