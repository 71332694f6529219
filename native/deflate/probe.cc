#include "deflate/probe.h"

#include <algorithm>
#include <utility>

#include "deflate/bits.h"
#include "deflate/common_length.h"
#include "deflate/hash.h"

namespace hyperslab::deflate {
namespace {

/* Recordings change, so several places are looked at, with some of what matches reach back to. */
constexpr size_t max_windows = 6, usual_windows = 4;
/* One for each of so many bytes; of more than the usual, for each of so many more. */
constexpr size_t window_for = 40 * 1024, another_for = 128 * 1024;
constexpr size_t max_searched = 2048;
constexpr size_t searched_part = 128; /* and at most this part of a plane */
constexpr size_t known_before = 14 * 1024;
static_assert(max_searched + known_before < UINT16_MAX);

constexpr int table_width = 14;

/* What a match of middling length and distance costs. */
constexpr Cost usual_match = 20 * one_bit;

/* Matches of more bytes than that pay everywhere. */
constexpr unsigned longest_least = 32;

/*
 * Where bytes have 1 to 5 bits, matches that occur by chance save about such a part; but only a
 * search among many finds them.
 */
constexpr Cost gain_by_chance = 28;

/* Where less than such a part is gained, more windows would not tell otherwise. */
constexpr Cost doubtful = 400;

/* About what symbols of a match cost, without their extra bits. */
constexpr Cost match_symbols = 8 * one_bit;

Cost price_of_match(uint32_t length, uint32_t distance) {
  const int extra = lengths_of_slots[slots_of_lengths[length]].extra +
                    distances_of_slots[slot_of_distance(distance)].extra;
  return match_symbols + static_cast<unsigned>(extra) * one_bit;
}

/* Tells `take` of what may be matches; it returns the length of those that it takes, or 0. */
template <typename Hash, typename Take>
void find_matches(const uint8_t *bytes, size_t known, size_t end, const Hash &hash, uint16_t *last,
                  const Take &take) {
  const size_t reach = hash.reach();
  size_t i = 0;
  const auto know = [&](size_t to) {
    for (; i < to && i + reach <= end; i++)
      last[hash_of(hash(bytes + i), table_width)] = static_cast<uint16_t>(i + 1);
    i = to;
  };
  know(known);
  while (i + reach <= end) {
    uint16_t &entry = last[hash_of(hash(bytes + i), table_width)];
    const size_t before = entry;
    entry = static_cast<uint16_t>(i + 1);
    const size_t length = before ? take(i, i + 1 - before) : 0;
    if (length > 0)
      know(i + length);
    else
      i++;
  }
}

}  // namespace

Probe::Probe(Path path, Unit &unit)
    : runs_(path),
      unit_(unit),
      costs_(max_searched + 1),
      pending_(max_searched + 1),
      last_(size_t{1} << table_width) {}

size_t Probe::memory() {
  return sizeof(Probe) + 2 * (max_searched + 1) * sizeof(uint32_t) +
         (sizeof(uint16_t) << table_width);
}

void Probe::Majority::vote(uint32_t for_distance, uint32_t bytes) {
  if (for_distance == distance)
    votes += bytes;
  else if (votes >= bytes)
    votes -= bytes;
  else
    *this = {for_distance, bytes - votes};
}

/* Returns how many there are. Every other place comes first, so that the first few tell of all. */
size_t Probe::place_windows(const uint8_t *plane, size_t size, size_t before, Window *windows) {
  const size_t whole = std::min(size, unit_size);
  const size_t spare = size - whole;
  const size_t count = std::clamp<size_t>(
      std::max(std::min(size / window_for, usual_windows), size / another_for), 1, max_windows);
  for (size_t k = 0; k < count; k++) {
    const size_t half = (count + 1) / 2;
    const size_t place = k < half ? 2 * k : 2 * (k - half) + 1;
    /* The only one is the last there is, which has most before it. */
    const size_t at = count == 1 ? spare : spare * (2 * place + 1) / (2 * count);
    windows[k] = {plane + at, whole, before + at,
                  std::min({whole, max_searched, std::max<size_t>(size / searched_part, 256)})};
  }
  return count;
}

/* Leaves the tokens in unit_. */
Cost Probe::cost_without_matches(const Window &window) {
  if (runs_.tokenise_whole(window.bytes, window.size, window.before, unit_)) return unit_.cost.cost;
  ByteCounts counts;
  histogram_.clear();
  histogram_.add(window.bytes, window.size);
  histogram_.sum(counts);
  SymbolCounts literals;
  literals.clear();
  std::copy(counts.begin(), counts.end(), literals.literals);
  const CodeCost cost = literals.estimate_literals();
  const bool any = runs_.tokenise(window.bytes, window.size, window.before, counts, unit_);
  if (any && unit_.cost.cost < cost.cost) return unit_.cost.cost;
  unit_.clear();
  unit_.add({static_cast<uint32_t>(window.size), 0, 0});
  unit_.counts = literals;
  unit_.cost = cost;
  return cost.cost;
}

/* What the tokens of unit_ cost, added up from where the search begins. */
void Probe::price_tokens(const Window &window) {
  Prices prices;
  prices.learn(unit_.counts);
  const size_t first = window.size - window.searched;
  uint32_t sum = 0;
  size_t at = 0;
  for (size_t i = 0; i < unit_.token_count; i++) {
    const Token &token = unit_.tokens[i];
    const size_t run_at = at + token.literals, end = run_at + token.length;
    for (at = std::max(at, first); at < run_at; at++) {
      costs_[at - first] = sum;
      pending_[at - first] = 0;
      sum += prices.literal(window.bytes[at]);
    }
    const uint32_t run =
        token.length ? prices.match(std::min(token.length, max_match), token.distance) : 0;
    if (run_at >= first && token.length) {
      costs_[run_at - first] = sum;
      pending_[run_at - first] = 0;
      sum += run;
    }
    for (at = std::max(run_at + 1, first); at < end; at++) {
      costs_[at - first] = sum;
      pending_[at - first] = run;
    }
    at = end;
  }
  costs_[window.searched] = sum;
  pending_[window.searched] = 0;
}

/* Adds to `counts` what occurs when each match that pays is taken. */
Cost Probe::gain_of_matches(const Window &window, unsigned least, SymbolCounts &counts,
                            Majority &majority) {
  price_tokens(window);
  std::fill(last_.begin(), last_.end(), 0);
  const uint8_t *searched = window.bytes + window.size - window.searched;
  const size_t known = std::min(known_before, window.before + window.size - window.searched);
  const uint8_t *bytes = searched - known;
  const size_t end = known + window.searched;
  Cost gain = 0;
  size_t literals_from = known;
  const auto count_literals = [&](size_t to) {
    for (; literals_from < to; literals_from++) counts.literals[bytes[literals_from]]++;
  };
  const auto take = [&](size_t at, size_t distance) -> size_t {
    const auto most = static_cast<uint32_t>(std::min<size_t>(end - at, max_match));
    const uint32_t length = common_length(bytes + at - distance, bytes + at, most);
    if (length < least || distance > max_distance) return 0;
    const Cost price = price_of_match(length, static_cast<uint32_t>(distance));
    const size_t from = at - known, to = from + length;
    /* What is left of a run that begins within the match must still be coded. */
    const Cost others = costs_[to] - costs_[from];
    if (others <= price + pending_[to]) return 0;
    gain += others - price - pending_[to];
    count_literals(at);
    literals_from = at + length;
    counts.add_match(length, static_cast<uint32_t>(distance));
    majority.vote(static_cast<uint32_t>(distance), length);
    return length;
  };
  with_hash(least,
            [&](const auto &hash) { find_matches(bytes, known, end, hash, last_.data(), take); });
  count_literals(end);
  return gain;
}

void Probe::look(const uint8_t *plane, size_t size, size_t before, size_t row, PlaneKind &kind) {
  kind = {};
  kind.distance = row <= max_distance ? static_cast<uint32_t>(row) : 0;
  if (size == 0) return;
  Window windows[max_windows];
  const size_t count = place_windows(plane, size, before, windows);
  Majority majority;
  SymbolCounts counts;
  counts.clear();
  Cost cost = 0, gain = 0;
  size_t bytes = 0, searched = 0;
  Cost searched_cost = 0;
  runs_.begin(kind.distance);
  for (size_t k = 0; k < count; k++) {
    const Window &window = windows[k];
    const Cost without = cost_without_matches(window);
    cost += std::min(without, window.size * 8 * one_bit);
    bytes += window.size;
    /* What costs next to nothing can't cost less. */
    if (without * 16 < window.size * one_bit) continue;
    const Cost literal = without / window.size;
    const auto least = static_cast<unsigned>(
        std::clamp<Cost>((usual_match + literal - 1) / literal, min_match, longest_least));
    kind.least = searched == 0 ? least : std::min(kind.least, least);
    gain += gain_of_matches(window, least, counts, majority) * window.size / window.searched;
    searched += window.size;
    searched_cost += without;
    /* Beyond doubt. */
    if (k == 1 && gain * 2 > searched_cost) break;
    if (k == 2 && gain * doubtful < searched_cost) break;
  }
  kind.cost = cost / bytes;
  kind.gain = std::min(gain, cost) / bytes;
  if (searched > 0 && searched_cost >= one_bit * searched &&
      searched_cost <= 5 * one_bit * searched)
    kind.gain = std::max(kind.gain, kind.cost / gain_by_chance);
  if (kind.gain == 0) return;
  kind.prices.learn(counts);
  if (majority.distance > 1 && kind.gain * 2 > kind.cost) kind.distance = majority.distance;
}

}  // namespace hyperslab::deflate
