/* Huffman codes of limited length, as deflate numbers them (RFC 1951, section 3.2.2). */
#pragma once

#include <cstdint>

namespace hyperslab::deflate {

/* Deflate allows 15; with 14, four codes and what a BitWriter holds back fit 64 bits. */
inline constexpr int max_code_length = 14;

/* Of a code of at most this many symbols. */
inline constexpr int max_symbols = 288;

/*
 * The length in bits of the code of each symbol, at most `longest`; 0 for those that do not occur.
 * A symbol that is alone gets one bit. `longest` must allow a code for all of them.
 */
void code_lengths(const uint32_t *counts, int symbols, int longest, uint8_t *lengths);

/* The codes of these lengths, each with its first bit lowest. */
void number_codes(const uint8_t *lengths, int symbols, uint16_t *codes);

}  // namespace hyperslab::deflate
