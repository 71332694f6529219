/*
 * Finding out what kind of data a plane holds, from a look at a few parts of it.
 *
 * Searching a plane for matches takes ten times as long as coding it without, and in most planes of
 * most recordings there are none worth finding. So the probe estimates beforehand how much matches
 * would save.
 *
 * 1. It looks at windows of 8 KiB, spread over the plane: one for each 40 KiB, up to 4, and 5 or 6
 *    in planes of 640 KiB or more, as recordings change. Every other place comes first, so that a
 *    few windows already represent the whole plane.
 * 2. Each window is coded without matches, as literals or as runs, whichever is cheaper. That gives
 *    the cost of a byte. It also gives the shortest match that can pay: one whose literals cost as
 *    much as a usual match, 20 bits.
 * 3. The end of the window, up to 2 KiB, is searched for matches in the 14 KiB before it. The
 *    search is cheap and greedy: a table holds the last position of each hash, there are no chains,
 *    and a match is taken if it costs less than the tokens that it replaces. What it saves is
 *    scaled up to the window.
 * 4. The probe stops early if the first two windows leave no doubt that matches pay, or the first
 *    three that they don't.
 *
 * Two things come out besides cost and gain. The symbols of the matches found are the first prices
 * of the real search. And the distance that most bytes in matches have, found by a vote that needs
 * one counter (Boyer and Moore's), becomes the distance of the plane's runs if matches save more
 * than half: runs at that distance need no search.
 *
 * If a byte costs 1 to 5 bits, long searches find matches by chance that this one does not see; the
 * gain is taken to be at least 1/28 there.
 *
 * Everything is a function of the bytes alone: places are fixed, costs are whole numbers (cost.h).
 */
#include "deflate/probe.h"

#include <algorithm>
#include <utility>

#include "deflate/bits.h"
#include "deflate/common_length.h"
#include "deflate/hash.h"

namespace hyperslab::deflate {
namespace {

/* Windows of a plane: usually up to 4; up to 6 in long planes, as recordings change. */
constexpr size_t max_windows = 6, usual_windows = 4;
/*
 * There is one window for each `window_for` bytes, and beyond the usual number one for each
 * `another_for`.
 */
constexpr size_t window_for = 40 * 1024, another_for = 128 * 1024;
constexpr size_t max_searched = 2048;
constexpr size_t searched_part = 128; /* at most a 128th of the plane, but 256 bytes or more */
constexpr size_t known_before = 14 * 1024;
static_assert(max_searched + known_before < UINT16_MAX);

constexpr int table_width = 14;

/* The cost of a match of middling length and distance. */
constexpr Cost usual_match = 20 * one_bit;

/* Matches of this length pay everywhere. */
constexpr unsigned longest_least = 32;

/*
 * If bytes cost 1 to 5 bits, matches that occur by chance save about 1/28; but only a search among
 * many candidates finds them.
 */
constexpr Cost gain_by_chance = 28;

/* If less than 1/400 is gained, more windows would not change the answer. */
constexpr Cost doubtful = 400;

/* About the cost of the symbols of a match, without their extra bits. */
constexpr Cost match_symbols = 8 * one_bit;

Cost price_of_match(uint32_t length, uint32_t distance) {
  const int extra = lengths_of_slots[slots_of_lengths[length]].extra +
                    distances_of_slots[slot_of_distance(distance)].extra;
  return match_symbols + static_cast<unsigned>(extra) * one_bit;
}

/*
 * Calls take(position, distance) for each candidate: the last position with the same hash. `take`
 * returns the length of the match if it takes it, else 0. The first `known` bytes are only entered
 * in the table.
 */
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

/*
 * Returns the number of windows. Every other place comes first, so that the first few are spread
 * over the whole plane.
 */
size_t Probe::place_windows(const uint8_t *plane, size_t size, size_t before, Window *windows) {
  const size_t whole = std::min(size, unit_size);
  const size_t spare = size - whole;
  const size_t count = std::clamp<size_t>(
      std::max(std::min(size / window_for, usual_windows), size / another_for), 1, max_windows);
  for (size_t k = 0; k < count; k++) {
    const size_t half = (count + 1) / 2;
    const size_t place = k < half ? 2 * k : 2 * (k - half) + 1;
    /* A single window lies at the end, where most bytes are before it. */
    const size_t at = count == 1 ? spare : spare * (2 * place + 1) / (2 * count);
    windows[k] = {plane + at, whole, before + at,
                  std::min({whole, max_searched, std::max<size_t>(size / searched_part, 256)})};
  }
  return count;
}

/* Leaves the tokens of the cheaper way in unit_. */
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

/*
 * Adds up what the tokens of unit_ cost, from the part that is searched on: costs_[i] is the cost
 * of all tokens that begin before byte i of it, pending_[i] that of the run that goes on at i.
 */
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

/*
 * Returns what matches save, and counts the symbols that remain if each match that pays is taken.
 */
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
    /* The rest of a run that begins within the match must still be coded. */
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
    /* A window that costs next to nothing (1/16 bit a byte) can't gain anything. */
    if (without * 16 < window.size * one_bit) continue;
    const Cost literal = without / window.size;
    const auto least = static_cast<unsigned>(
        std::clamp<Cost>((usual_match + literal - 1) / literal, min_match, longest_least));
    kind.least = searched == 0 ? least : std::min(kind.least, least);
    gain += gain_of_matches(window, least, counts, majority) * window.size / window.searched;
    searched += window.size;
    searched_cost += without;
    /* Two windows that gain half, or three that gain nothing, leave no doubt. */
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
