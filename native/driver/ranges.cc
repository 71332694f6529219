#include "driver/ranges.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <map>
#include <new>
#include <set>
#include <utility>

#include "driver/space.h"

struct hs_ranges {
  std::map<uint64_t, uint64_t> ends; /* by where a range begins; none is empty, no two touch */
  std::set<std::pair<uint64_t, uint64_t>> sizes; /* size and begin of the same ranges */
  uint64_t bytes = 0;

  void put(uint64_t begin, uint64_t end) {
    const auto added = ends.emplace(begin, end).first;
    try {
      sizes.emplace(end - begin, begin);
    } catch (...) {
      ends.erase(added);
      throw;
    }
    bytes += end - begin;
  }

  auto drop(std::map<uint64_t, uint64_t>::const_iterator range) {
    const auto [begin, end] = *range;
    sizes.erase({end - begin, begin});
    bytes -= end - begin;
    return ends.erase(range);
  }

  /* The range that ends at `end`, or the end of the map. */
  auto ending_at(uint64_t end) const {
    auto next = ends.lower_bound(end);
    if (next == ends.begin() || (--next)->second != end) return ends.end();
    return next;
  }
};

hs_ranges *hs_ranges_new(void) { return new (std::nothrow) hs_ranges; }

void hs_ranges_free(hs_ranges *ranges) { delete ranges; }

int hs_ranges_add(hs_ranges *ranges, uint64_t address, uint64_t size) {
  if (size == 0) return 0;
  uint64_t begin = address, end = address + size;
  auto next = ranges->ends.upper_bound(begin);
  if (next != ranges->ends.begin() && std::prev(next)->second >= begin) --next;
  while (next != ranges->ends.end() && next->first <= end) {
    begin = std::min(begin, next->first);
    end = std::max(end, next->second);
    next = ranges->drop(next);
  }
  try {
    ranges->put(begin, end);
  } catch (const std::bad_alloc &) {
    return ENOMEM;
  }
  return 0;
}

uint64_t hs_ranges_take(hs_ranges *ranges, uint64_t size) {
  const auto found = ranges->sizes.lower_bound({size, 0});
  if (found == ranges->sizes.end()) return HS_NOWHERE;
  const auto [length, begin] = *found;
  ranges->drop(ranges->ends.find(begin));
  try {
    if (length > size) ranges->put(begin + size, begin + length);
  } catch (const std::bad_alloc &) {
    /* The rest is forgotten; it only makes the file longer. */
  }
  return begin;
}

uint64_t hs_ranges_take_before(hs_ranges *ranges, uint64_t end) {
  const auto found = ranges->ending_at(end);
  if (found == ranges->ends.end()) return end;
  const uint64_t begin = found->first;
  ranges->drop(found);
  return begin;
}

uint64_t hs_ranges_begin_before(const hs_ranges *ranges, uint64_t end) {
  const auto found = ranges->ending_at(end);
  return found == ranges->ends.end() ? end : found->first;
}

int hs_ranges_move(hs_ranges *ranges, hs_ranges *from) {
  int error = 0;
  for (const auto &[begin, end] : from->ends)
    if (!error) error = hs_ranges_add(ranges, begin, end - begin);
  hs_ranges_clear(from);
  return error;
}

void hs_ranges_clear(hs_ranges *ranges) {
  ranges->ends.clear();
  ranges->sizes.clear();
  ranges->bytes = 0;
}

uint64_t hs_ranges_bytes(const hs_ranges *ranges) { return ranges->bytes; }
