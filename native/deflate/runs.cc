#include "deflate/runs.h"

#include <algorithm>
#include <cstring>

namespace hyperslab::deflate {
namespace {

/*
 * Bounds for the shortest run that is looked for: shorter runs never pay, longer ones nearly
 * always.
 */
constexpr unsigned shortest = 3, longest = 24;

/* Assumed cost of a run before any was found. */
constexpr Cost usual_run = 8 * one_bit;

/* Values that fewer than 1/32 of the bytes have do not count when the shortest run is chosen. */
constexpr uint32_t common = 32;

}  // namespace

void Runs::begin(uint32_t distance) {
  distance_ = distance > 1 && distance <= max_distance ? distance : 0;
  priced_ = false;
  rule_ = false;
  lost_starts_ = 0;
}

/* Sets prices: literals cost what they would in a code for these counts. */
void Runs::price(const uint32_t *literals, Cost match) {
  priced_ = true;
  match_ = match;
  uint32_t total = 0;
  for (int i = 0; i < 256; i++) total += literals[i];
  const uint32_t all = total ? log2_cost(total) : 0;
  uint32_t dearest = one_bit;
  for (int i = 0; i < 256; i++) {
    const uint32_t count = literals[i];
    literals_[i] = std::max<uint32_t>(one_bit, all - log2_cost(count | (count == 0)));
    if (count > total / common) dearest = std::max(dearest, literals_[i]);
  }
  least_ =
      static_cast<unsigned>(std::clamp<Cost>((match + dearest - 1) / dearest, shortest, longest));
  /* A literal costs a bit at least. */
  sure_ = static_cast<unsigned>(std::min<Cost>((match + one_bit - 1) / one_bit, longest));
}

/* Sets prices from the counts of the tokens made last. */
void Runs::price(const SymbolCounts &counts) {
  uint32_t total = 0;
  for (const uint32_t count : counts.literals) total += count;
  Cost cost = counts.extra_bits() * one_bit;
  uint64_t matches = 0;
  for (int i = first_length; i < literal_symbols; i++) {
    const uint32_t count = counts.literals[i];
    if (count == 0) continue;
    matches += count;
    cost += uint64_t{count} * (log2_cost(total) - log2_cost(count));
  }
  /* A distance takes about a bit, as there are two at most. */
  price(counts.literals, matches ? cost / matches + one_bit : usual_run);
}

bool Runs::pays(const uint8_t *run, size_t length) const {
  if (length >= sure_) return true;
  Cost literals = 0;
  for (size_t i = 0; i < length; i++) literals += literals_[run[i]];
  return literals >= match_;
}

bool Runs::tokenise_whole(const uint8_t *bytes, size_t size, size_t before, Unit &unit) const {
  for (const uint32_t distance : {uint32_t{1}, distance_}) {
    if (distance == 0 || before < distance || size < min_match) continue;
    if (std::memcmp(bytes, bytes - distance, size) != 0) continue;
    unit.clear();
    unit.add({0, static_cast<uint32_t>(size), distance});
    unit.counts.add_match(static_cast<uint32_t>(size), distance);
    unit.cost = unit.counts.estimate();
    return true;
  }
  return false;
}

void Runs::find(const uint8_t *bytes, size_t size, size_t before, uint32_t distance, Masks &masks) {
  /* Bytes at the beginning of the chunk have nothing before them. */
  const size_t first = before < distance ? std::min(size, distance - before) : 0;
  const size_t whole = mask_words(first);
  std::fill_n(masks.equal, whole, 0);
  for (size_t i = first; i < std::min(size, whole * 64); i++)
    masks.equal[i / 64] |= static_cast<uint64_t>(bytes[i] == (bytes - distance)[i]) << i % 64;
  if (whole * 64 < size)
    find_equal(bytes + whole * 64, size - whole * 64, distance, masks.equal + whole, path_);
  find_runs(masks.equal, mask_words(size), std::min(least_, 6u), masks.starts);
  masks.count = count_set(masks.starts, mask_words(size), path_);
}

/* Finds where runs begin. Returns false if they are too few. */
bool Runs::find_all(const uint8_t *bytes, size_t size, size_t before) {
  find(bytes, size, before, 1, masks_[0]);
  both_ = false;
  starts_found_ = masks_[0].count;
  if (distance_) {
    find(bytes, size, before, distance_, masks_[1]);
    both_ = masks_[1].count > masks_[0].count * 115 / 100 + size / 100;
    starts_found_ = std::max(starts_found_, masks_[1].count);
  }
  return starts_found_ > size / 100;
}

bool Runs::tokenise_ruled(const uint8_t *bytes, size_t size, size_t before, Unit &unit) {
  if (!rule_) return false;
  rule_ = false;
  if (!find_all(bytes, size, before)) return false;
  cut(bytes, size, unit);
  if (bytes_in_runs(unit) < size / 2) return false;
  count_literals(bytes, unit);
  price(unit.counts);
  unit.cost = unit.counts.estimate();
  rule_ = true;
  return true;
}

bool Runs::tokenise(const uint8_t *bytes, size_t size, size_t before, const ByteCounts &counts,
                    Unit &unit) {
  if (!priced_) price(counts.data(), usual_run);
  if (!find_all(bytes, size, before)) return false;
  const uint64_t apart =
      starts_found_ > lost_starts_ ? starts_found_ - lost_starts_ : lost_starts_ - starts_found_;
  if (lost_starts_ && apart * 100 < lost_starts_ * 15) return false;
  uint64_t in_runs = 0;
  for (int round = 0; round < 2; round++) {
    cut(bytes, size, unit);
    in_runs = bytes_in_runs(unit);
    if (in_runs < size / 2)
      count_runs(bytes, counts, unit);
    else
      count_literals(bytes, unit);
    const unsigned used = least_;
    price(unit.counts);
    /* Close enough: tokens made with the new prices would hardly differ. */
    if (least_ * 5 >= used * 3 && least_ * 3 <= used * 5) break;
  }
  unit.cost = unit.counts.estimate();
  rule_ = in_runs >= size / 2;
  return true;
}

void Runs::cut(const uint8_t *bytes, size_t size, Unit &unit) {
  const size_t words = mask_words(size);
  find_runs(masks_[0].equal, words, least_, masks_[0].starts);
  const uint64_t *starts = masks_[0].starts;
  if (both_) {
    find_runs(masks_[1].equal, words, least_, masks_[1].starts);
    for (size_t i = 0; i < words; i++) starts_[i] = masks_[0].starts[i] | masks_[1].starts[i];
    starts = starts_;
  }
  unit.clear();
#ifdef HYPERSLAB_X86
  if (path_ != Path::plain) return cut_avx2(bytes, size, starts, unit);
#endif
  cut_by(bytes, size, starts, unit);
}

#ifdef HYPERSLAB_X86
/* Faster because BMI2 has shifts by a variable count in one instruction. */
HYPERSLAB_AVX2 void Runs::cut_avx2(const uint8_t *bytes, size_t size, const uint64_t *starts,
                                   Unit &unit) const {
  cut_by(bytes, size, starts, unit);
}
#endif

inline __attribute__((always_inline)) void Runs::cut_by(const uint8_t *bytes, size_t size,
                                                        const uint64_t *starts, Unit &unit) const {
  size_t at = 0; /* end of the last run */
  for (size_t start = next_set(starts, 0, size); start < size;) {
    uint32_t distance = 1;
    size_t end = next_clear(masks_[0].equal, start, size);
    if (both_) {
      const size_t other = next_clear(masks_[1].equal, start, size);
      if (other > end) {
        end = other;
        distance = distance_;
      }
    }
    if (pays(bytes + start, end - start)) {
      const auto length = static_cast<uint32_t>(end - start);
      unit.counts.add_match(length, distance);
      unit.add({static_cast<uint32_t>(start - at), length, distance});
      at = end;
    }
    start = next_set(starts, end, size);
  }
  if (at < size) unit.add({static_cast<uint32_t>(size - at), 0, 0});
}

uint64_t Runs::bytes_in_runs(const Unit &unit) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < unit.token_count; i++) bytes += unit.tokens[i].length;
  return bytes;
}

void Runs::count_literals(const uint8_t *bytes, Unit &unit) {
  histogram_.clear();
  for (size_t i = 0; i < unit.token_count; i++) {
    const Token &token = unit.tokens[i];
    histogram_.add(bytes, token.literals);
    bytes += token.literals + token.length;
  }
  ByteCounts literals;
  histogram_.sum(literals);
  std::copy(literals.begin(), literals.end(), unit.counts.literals);
}

/*
 * Counts the literals by subtracting the bytes in runs from `counts`, which is faster if runs are
 * few.
 */
void Runs::count_runs(const uint8_t *bytes, const ByteCounts &counts, Unit &unit) {
  histogram_.clear();
  for (size_t i = 0; i < unit.token_count; i++) {
    const Token &token = unit.tokens[i];
    bytes += token.literals;
    if (token.distance == 1)
      histogram_.add(*bytes, token.length);
    else
      histogram_.add(bytes, token.length);
    bytes += token.length;
  }
  ByteCounts in_runs;
  histogram_.sum(in_runs);
  for (size_t i = 0; i < counts.size(); i++) unit.counts.literals[i] = counts[i] - in_runs[i];
}

}  // namespace hyperslab::deflate
