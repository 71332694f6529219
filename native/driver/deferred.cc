#include "driver/deferred.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <map>
#include <new>
#include <utility>
#include <vector>

namespace {

struct Block {
  uint64_t size;
  uint64_t from;              /* for a move; else HS_NOWHERE */
  std::vector<uint8_t> bytes; /* `size` bytes; none for a move */

  bool is_move() const { return from != HS_NOWHERE; }

  /* The block without its first `count` bytes. */
  Block behind(uint64_t count) const {
    if (is_move()) return {size - count, from + count, {}};
    return {size - count, from, {bytes.begin() + static_cast<ptrdiff_t>(count), bytes.end()}};
  }

  void shorten(uint64_t count) {
    size = count;
    if (!is_move()) bytes.resize(count);
  }
};

using Blocks = std::map<uint64_t, Block>;

uint64_t end_of(const Blocks::value_type &block) { return block.first + block.second.size; }

/* The first block that ends after `address`. */
template <typename Map>
auto first_behind(Map &blocks, uint64_t address) {
  auto next = blocks.upper_bound(address);
  if (next != blocks.begin() && end_of(*std::prev(next)) > address) --next;
  return next;
}

void cut_out(Blocks &blocks, uint64_t begin, uint64_t end) {
  auto next = first_behind(blocks, begin);
  while (next != blocks.end() && next->first < end) {
    auto &[address, block] = *next;
    if (end_of(*next) > end) blocks.emplace(end, block.behind(end - address));
    if (address < begin) {
      block.shorten(begin - address);
      ++next;
    } else {
      next = blocks.erase(next);
    }
  }
}

/* Turns std::bad_alloc into ENOMEM. */
template <typename Body>
int guard(Body body) {
  try {
    body();
    return 0;
  } catch (const std::bad_alloc &) {
    return ENOMEM;
  }
}

}  // namespace

struct hs_deferred {
  Blocks blocks; /* by address; none is empty, and no two overlap */
};

hs_deferred *hs_deferred_new(void) { return new (std::nothrow) hs_deferred; }

void hs_deferred_free(hs_deferred *deferred) { delete deferred; }

int hs_deferred_put(hs_deferred *deferred, const void *bytes, size_t size, uint64_t address) {
  if (size == 0) return 0;
  const auto *first = static_cast<const uint8_t *>(bytes);
  return guard([&] {
    cut_out(deferred->blocks, address, address + size);
    deferred->blocks.emplace(address, Block{size, HS_NOWHERE, {first, first + size}});
  });
}

int hs_deferred_move(hs_deferred *deferred, uint64_t from, uint64_t to, size_t size) {
  if (size == 0) return 0;
  return guard([&] {
    cut_out(deferred->blocks, to, to + size);
    deferred->blocks.emplace(to, Block{size, from, {}});
  });
}

int hs_deferred_drop(hs_deferred *deferred, uint64_t address, uint64_t size) {
  return guard([&] { cut_out(deferred->blocks, address, address + size); });
}

uint64_t hs_deferred_source(const hs_deferred *deferred, uint64_t address, uint64_t size) {
  const auto found = first_behind(deferred->blocks, address);
  if (found == deferred->blocks.end() || found->first >= address + size) return address;
  const Block &block = found->second;
  const bool covers = found->first <= address && end_of(*found) >= address + size;
  return covers && block.is_move() ? block.from + (address - found->first) : HS_NOWHERE;
}

int hs_deferred_overlay(const hs_deferred *deferred, hs_space *space, void *bytes, size_t size,
                        uint64_t address) {
  const uint64_t end = address + size;
  for (auto next = first_behind(deferred->blocks, address);
       next != deferred->blocks.end() && next->first < end; ++next) {
    const Block &block = next->second;
    const uint64_t begin = std::max(address, next->first);
    const size_t count = std::min(end, end_of(*next)) - begin;
    uint8_t *to = static_cast<uint8_t *>(bytes) + (begin - address);
    if (block.is_move()) {
      const int error = hs_space_read(space, to, count, block.from + (begin - next->first));
      if (error) return error;
    } else {
      std::memcpy(to, block.bytes.data() + (begin - next->first), count);
    }
  }
  return 0;
}

bool hs_deferred_is_empty(const hs_deferred *deferred) { return deferred->blocks.empty(); }

int hs_deferred_each(const hs_deferred *deferred,
                     int (*visit)(void *context, const hs_deferred_block *block), void *context) {
  for (const auto &[address, block] : deferred->blocks) {
    const hs_deferred_block one = {address, block.size, block.from,
                                   block.is_move() ? nullptr : block.bytes.data()};
    if (const int stopped = visit(context, &one)) return stopped;
  }
  return 0;
}

/*
 * Room for blocks that lie near each other is reserved in one call. Only near ones, since a file
 * may have holes that are not to be filled.
 */
int hs_deferred_ensure_room(const hs_deferred *deferred, hs_space *space) {
  constexpr uint64_t reach = 1 << 16;
  const Blocks &blocks = deferred->blocks;
  for (auto next = blocks.begin(); next != blocks.end();) {
    const uint64_t begin = next->first;
    uint64_t end = end_of(*next);
    while (++next != blocks.end() && next->first - end <= reach) end = end_of(*next);
    if (const int error = hs_space_ensure(space, begin, end - begin)) return error;
  }
  return 0;
}

int hs_deferred_apply(hs_deferred *deferred, hs_space *space) {
  for (const auto &[address, block] : deferred->blocks) {
    const int error = block.is_move()
                          ? hs_space_copy(space, block.from, address, block.size)
                          : hs_space_write(space, block.bytes.data(), block.size, address);
    if (error) return error;
  }
  deferred->blocks.clear();
  return 0;
}
