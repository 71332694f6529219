/* Huffman codes of limited length, as deflate numbers them (RFC 1951, section 3.2.2). */
#pragma once

#include <cstdint>

namespace hyperslab::deflate {

/*
 * Deflate allows 15. With 14, four codes and the 7 bits that a BitWriter may hold back fit 64 bits.
 */
inline constexpr int max_code_length = 14;

/* The most symbols that a code may have. */
inline constexpr int max_symbols = 288;

/*
 * Sets the length in bits of each symbol's code, at most `longest`, and 0 for symbols that do not
 * occur. A symbol that is alone gets one bit. 2^longest must not be less than the number of
 * symbols.
 */
void code_lengths(const uint32_t *counts, int symbols, int longest, uint8_t *lengths);

/* Sets the codes for these lengths, each with its first bit lowest. */
void number_codes(const uint8_t *lengths, int symbols, uint16_t *codes);

}  // namespace hyperslab::deflate
