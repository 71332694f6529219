#include "deflate/block_code.h"

#include <algorithm>
#include <cstring>

#include "deflate/huffman.h"

namespace hyperslab::deflate {
namespace {

/* The code of code lengths: 0 to 15, then repeats (RFC 1951, section 3.2.7). */
constexpr int step_symbols = 19;
constexpr int repeat_last = 16, repeat_zero = 17, repeat_many_zeros = 18;
constexpr uint8_t step_order[step_symbols] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                              11, 4,  12, 3, 13, 2, 14, 1, 15};
constexpr int max_step_code = 7;

int extra_of_step(int symbol) {
  return symbol == repeat_last         ? 2
         : symbol == repeat_zero       ? 3
         : symbol == repeat_many_zeros ? 7
                                       : 0;
}

/* Some decoders refuse codes of fewer than two symbols. */
void use_two(uint32_t *counts, int symbols) {
  int used = 0;
  for (int i = 0; i < symbols; i++) used += counts[i] != 0;
  for (int i = 0; used < 2; i++) {
    if (counts[i]) continue;
    counts[i] = 1;
    used++;
  }
}

}  // namespace

void BlockCode::make(const SymbolCounts &counts) {
  uint32_t literals[literal_symbols], distances[distance_slots];
  std::copy_n(counts.literals, literal_symbols, literals);
  std::copy_n(counts.distances, distance_slots, distances);
  const bool with_matches =
      std::any_of(distances, distances + distance_slots, [](uint32_t n) { return n != 0; });
  use_two(literals, literal_symbols);
  use_two(distances, distance_slots);
  code_lengths(literals, literal_symbols, max_code_length, lengths_);
  code_lengths(distances, distance_slots, max_code_length, distance_lengths_);
  number_codes(lengths_, literal_symbols, codes_);
  number_codes(distance_lengths_, distance_slots, distance_codes_);
  make_header();
  make_tables(with_matches);
}

void BlockCode::make_tables(bool with_matches) {
  longest_literal_ = 0;
  for (int i = 0; i < 256; i++) {
    const uint8_t length = lengths_[i];
    longest_literal_ = std::max<int>(longest_literal_, length);
    literals_[i] = length ? static_cast<uint64_t>(codes_[i]) << (64 - length) | length : 0;
    planes_[i] = length;
    planes_[256 + i] = static_cast<uint8_t>(codes_[i]);
    planes_[512 + i] = static_cast<uint8_t>(codes_[i] >> 8);
  }
  if (!with_matches) return;
  for (uint32_t length = min_match; length <= max_match; length++) {
    const int slot = slots_of_lengths[length];
    const int symbol = first_length + slot;
    const uint32_t extra = length - lengths_of_slots[slot].base;
    match_lengths_[length] = {
        codes_[symbol] | extra << lengths_[symbol],
        static_cast<uint32_t>(lengths_[symbol] + lengths_of_slots[slot].extra)};
  }
}

void BlockCode::make_header() {
  literal_count_ = literal_symbols;
  while (literal_count_ > first_length && lengths_[literal_count_ - 1] == 0) literal_count_--;
  distance_count_ = distance_slots;
  while (distance_count_ > 1 && distance_lengths_[distance_count_ - 1] == 0) distance_count_--;
  /* The header holds the lengths of both codes as one sequence. */
  uint8_t sequence[literal_symbols + distance_slots];
  std::copy_n(lengths_, literal_count_, sequence);
  std::copy_n(distance_lengths_, distance_count_, sequence + literal_count_);
  const int total = literal_count_ + distance_count_;

  uint32_t counts[step_symbols] = {};
  step_count_ = 0;
  const auto step = [&](int symbol, int extra = 0) {
    steps_[step_count_++] = {static_cast<uint8_t>(symbol), static_cast<uint8_t>(extra)};
    counts[symbol]++;
  };
  for (int i = 0; i < total;) {
    const uint8_t length = sequence[i];
    int run = 1;
    while (i + run < total && sequence[i + run] == length) run++;
    i += run;
    if (length == 0) {
      for (; run >= 11; run -= std::min(run, 138)) step(repeat_many_zeros, std::min(run, 138) - 11);
      if (run >= 3) {
        step(repeat_zero, run - 3);
        run = 0;
      }
    } else {
      step(length);
      run--;
      for (; run >= 3; run -= std::min(run, 6)) step(repeat_last, std::min(run, 6) - 3);
    }
    while (run-- > 0) step(length);
  }
  use_two(counts, step_symbols);
  code_lengths(counts, step_symbols, max_step_code, step_lengths_);
  number_codes(step_lengths_, step_symbols, step_codes_);
  step_code_count_ = step_symbols;
  while (step_code_count_ > 4 && step_lengths_[step_order[step_code_count_ - 1]] == 0)
    step_code_count_--;

  header_bits_ = 3 + 5 + 5 + 4 + 3 * static_cast<uint64_t>(step_code_count_);
  for (int i = 0; i < step_count_; i++)
    header_bits_ +=
        static_cast<uint64_t>(step_lengths_[steps_[i].symbol] + extra_of_step(steps_[i].symbol));
}

uint64_t BlockCode::block_bits(const SymbolCounts &counts) const {
  uint64_t bits = header_bits_ + counts.extra_bits();
  for (int i = 0; i < literal_symbols; i++) bits += uint64_t{counts.literals[i]} * lengths_[i];
  for (int i = 0; i < distance_slots; i++)
    bits += uint64_t{counts.distances[i]} * distance_lengths_[i];
  return bits;
}

void BlockCode::write_header(BitWriter &out, bool last) const {
  constexpr unsigned dynamic = 2;
  out.put(dynamic << 1 | last, 3);
  out.put(static_cast<unsigned>(literal_count_ - first_length), 5);
  out.put(static_cast<unsigned>(distance_count_ - 1), 5);
  out.put(static_cast<unsigned>(step_code_count_ - 4), 4);
  for (int i = 0; i < step_code_count_; i++) {
    if (i % 12 == 0) out.flush();
    out.put(step_lengths_[step_order[i]], 3);
  }
  out.flush();
  for (int i = 0; i < step_count_; i++) {
    const Step &step = steps_[i];
    const unsigned width = step_lengths_[step.symbol];
    out.put(step_codes_[step.symbol] | static_cast<unsigned>(step.extra) << width,
            width + static_cast<unsigned>(extra_of_step(step.symbol)));
    if (i % 4 == 3) out.flush();
  }
  out.flush();
}

BlockCode::Bits BlockCode::distance_bits(uint32_t distance) const {
  const int slot = slot_of_distance(distance);
  const uint32_t extra = distance - distances_of_slots[slot].base;
  return {distance_codes_[slot] | extra << distance_lengths_[slot],
          static_cast<uint32_t>(distance_lengths_[slot] + distances_of_slots[slot].extra)};
}

void BlockCode::write_match(BitWriter &out, uint32_t length, uint32_t distance) const {
  const Bits far = distance_bits(distance);
  const auto write_one = [&](uint32_t part) {
    out.put(match_lengths_[part].value, match_lengths_[part].width);
    out.put(far.value, far.width);
    out.flush();
  };
  if (length <= max_match) return write_one(length);
  const SplitLength split = split_length(length);
  uint32_t left = split.longest;
  const Bits &longest = match_lengths_[max_match];
  const uint64_t pair = longest.value | static_cast<uint64_t>(far.value) << longest.width;
  const unsigned width = longest.width + far.width;
  if (width <= 14) {
    const uint64_t two = pair | pair << width;
    for (; left >= 4; left -= 4) {
      out.put(two | two << 2 * width, 4 * width);
      out.flush();
    }
  }
  for (; left > 0; left--) write_one(max_match);
  if (split.first) write_one(split.first);
  if (split.second) write_one(split.second);
}

}  // namespace hyperslab::deflate
