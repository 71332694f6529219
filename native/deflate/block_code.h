/* The two Huffman codes of a dynamic block (RFC 1951, section 3.2.7), ready for writing. */
#pragma once

#include <cstddef>
#include <cstdint>

#include "deflate/bits.h"
#include "deflate/format.h"
#include "deflate/tokens.h"

namespace hyperslab::deflate {

class BlockCode {
 public:
  /* Makes the codes that suit these counts best. */
  void make(const SymbolCounts &counts);

  /* The bits of a block that has the counts given to make(), with its header and end. */
  uint64_t block_bits(const SymbolCounts &counts) const;

  void write_header(BitWriter &out, bool last) const;
  void write_match(BitWriter &out, uint32_t length, uint32_t distance) const;
  void write_end(BitWriter &out) const { write(out, end_of_block); }

  /* Writes one literal or the end of the block. */
  void write(BitWriter &out, int symbol) const {
    out.put(codes_[symbol], lengths_[symbol]);
    out.flush();
  }

  /*
   * For each literal, its code in the highest bits and its length in the lowest 6, so that codes
   * can be joined by shifts.
   */
  const uint64_t *literals() const { return literals_; }
  /*
   * For literals, three tables of 256 bytes: the lengths of codes, their low bytes, their high
   * bytes.
   */
  const uint8_t *literal_planes() const { return planes_; }
  int longest_literal() const { return longest_literal_; }

 private:
  struct Bits {
    uint32_t value;
    uint32_t width;
  };

  void make_header();
  void make_tables(bool with_matches);
  Bits distance_bits(uint32_t distance) const;

  /* One step of the header: a code length or a repeat, and the extra bits behind it. */
  struct Step {
    uint8_t symbol;
    uint8_t extra;
  };

  uint8_t lengths_[literal_symbols + distance_slots];
  uint16_t codes_[literal_symbols];
  uint16_t distance_codes_[distance_slots];
  uint8_t distance_lengths_[distance_slots];
  int longest_literal_;

  int literal_count_;
  int distance_count_;
  Step steps_[literal_symbols + distance_slots];
  int step_count_;
  uint8_t step_lengths_[19];
  uint16_t step_codes_[19];
  int step_code_count_;
  uint64_t header_bits_;

  Bits match_lengths_[max_match + 1];
  uint64_t literals_[256];
  alignas(64) uint8_t planes_[3 * 256];
};

}  // namespace hyperslab::deflate
