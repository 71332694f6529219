#include "deflate/matches.h"

#include <algorithm>

#include "deflate/bits.h"
#include "deflate/common_length.h"
#include "deflate/hash.h"

namespace hyperslab::deflate {
namespace {

constexpr int hash_width = 15;
constexpr int short_hash_width = 12;
constexpr size_t window_mask = max_distance - 1;

}  // namespace

Matches::Matches(const Search &search)
    : search_(search),
      heads_(size_t{1} << hash_width),
      previous_(max_distance),
      short_heads_(size_t{1} << short_hash_width),
      literal_sums_(max_unit_size + 1) {}

size_t Matches::memory() {
  constexpr size_t entries = (size_t{1} << hash_width) + max_distance +
                             (size_t{1} << short_hash_width) + max_unit_size + 1;
  return sizeof(Matches) + entries * sizeof(uint32_t);
}

void Matches::begin(const uint8_t *chunk, size_t size, unsigned least) {
  chunk_ = chunk;
  short_ = least <= 3;
  /* Hashes take fewer bytes than `least`, as near matches may be somewhat shorter. */
  hashed_ = std::clamp(least - least / 4, 4u, max_hashed);
  const size_t reach = std::max(hashed_, 8u);
  limit_ = size < reach ? 0 : size - reach + 1;
  inserted_ = 0;
  std::fill(heads_.begin(), heads_.end(), 0);
  if (short_) std::fill(short_heads_.begin(), short_heads_.end(), 0);
}

template <typename Hash>
void Matches::insert(const Hash &hash, size_t at) {
  uint32_t &head = heads_[hash_of(hash(chunk_ + at), hash_width)];
  previous_[at & window_mask] = head;
  head = static_cast<uint32_t>(at + 1);
  if (short_) short_head(at) = static_cast<uint32_t>(at + 1);
}

uint32_t &Matches::short_head(size_t at) {
  return short_heads_[hash_of(ShortHash(min_match)(chunk_ + at), short_hash_width)];
}

void Matches::price_literals(size_t at, size_t size, const Prices &prices) {
  uint32_t sum = 0;
  for (size_t i = 0; i < size; i++) {
    literal_sums_[i] = sum;
    sum += prices.literal(chunk_[at + i]);
  }
  literal_sums_[size] = sum;
}

void Matches::consider(Found &best, size_t at, size_t unit, uint32_t length, uint32_t distance,
                       const Prices &prices) const {
  const int64_t literals = literal_sums_[at - unit + length] - literal_sums_[at - unit];
  const int64_t gain = literals - prices.match(length, distance);
  if (gain > best.gain) best = {length, distance, gain};
}

/* Finds the best match at a position, and inserts the position. */
template <typename Hash>
Matches::Found Matches::find(const Hash &hash, size_t at, size_t end, size_t unit,
                             const Prices &prices) {
  Found best;
  if (at >= limit_) return best;
  const auto most = static_cast<uint32_t>(std::min<size_t>(end - at, max_match));
  const uint32_t bytes = load32(chunk_ + at);
  const auto distance_to = [at](uint32_t entry) { return static_cast<uint32_t>(at + 1 - entry); };
  if (short_ && most >= min_match) {
    const uint32_t entry = short_head(at);
    if (entry && distance_to(entry) <= max_distance &&
        (load32(chunk_ + entry - 1) ^ bytes) << 8 == 0)
      consider(best, at, unit, min_match, distance_to(entry), prices);
  }
  uint32_t entry = heads_[hash_of(hash(chunk_ + at), hash_width)];
  uint32_t longest = min_match;
  for (unsigned left = search_.depth; entry && left > 0 && longest < most; left--) {
    const uint32_t distance = distance_to(entry);
    if (distance > max_distance) break;
    const uint8_t *candidate = chunk_ + entry - 1;
    /* The bytes that would make the match longer are compared first, as they differ most often. */
    if (load32(candidate + longest - 3) == load32(chunk_ + at + longest - 3) &&
        load32(candidate) == bytes) {
      const uint32_t length = common_length(candidate, chunk_ + at, most);
      if (length > longest) {
        longest = length;
        consider(best, at, unit, length, distance, prices);
        if (length >= search_.enough) break;
      }
    }
    const uint32_t next = previous_[(entry - 1) & window_mask];
    if (next >= entry) break; /* overwritten: the position has left the window */
    entry = next;
  }
  insert(hash, at);
  inserted_ = at + 1;
  return best;
}

void Matches::tokenise(size_t at, size_t size, const Prices &prices, Unit &unit) {
  with_hash(hashed_, [&](const auto &hash) { tokenise_by(hash, at, size, prices, unit); });
}

template <typename Hash>
void Matches::tokenise_by(const Hash &hash, size_t at, size_t size, const Prices &prices,
                          Unit &unit) {
  const size_t end = at + size;
  const auto insert_to = [&](size_t to) {
    for (to = std::min(to, limit_); inserted_ < to; inserted_++) insert(hash, inserted_);
  };
  inserted_ = std::max(inserted_, at - std::min<size_t>(at, max_distance));
  insert_to(at);
  price_literals(at, size, prices);
  unit.clear();
  size_t literals_from = at;
  for (size_t i = at; i < end;) {
    Found found = find(hash, i, end, at, prices);
    if (found.length == 0) {
      unit.counts.literals[chunk_[i++]]++;
      continue;
    }
    while (search_.lazy && found.length < search_.enough && i + 1 < end) {
      const Found later = find(hash, i + 1, end, at, prices);
      if (later.gain <= found.gain) break;
      unit.counts.literals[chunk_[i++]]++;
      found = later;
    }
    unit.counts.add_match(found.length, found.distance);
    unit.add({static_cast<uint32_t>(i - literals_from), found.length, found.distance});
    i += found.length;
    insert_to(i);
    literals_from = i;
  }
  if (literals_from < end) unit.add({static_cast<uint32_t>(end - literals_from), 0, 0});
  unit.cost = unit.counts.estimate();
}

}  // namespace hyperslab::deflate
