/*
 * Writes, moves and flushes at random, compared with a model of two arrays: what a reader sees, and what
 * the file on the disk holds, which only changes where nothing was before, or with a flush.
 */
#include <unistd.h>

#include <cstring>

#include "driver/held.h"
#include "driver/space.h"
#include "fuzz.h"

namespace {

constexpr uint64_t FILE_BYTES = 600;
/* From here on lie the sources of moves, which never change. */
constexpr uint64_t SOURCES = 400;

struct Range {
  uint64_t begin, size;
};

Range random_range(Random &random, uint64_t low, uint64_t high) {
  const uint64_t begin = random.from(low, high - 1);
  return {begin, random.from(1, std::min<uint64_t>(high - begin, random.one_in(4) ? 200 : 20))};
}

std::vector<uint8_t> random_bytes(Random &random, uint64_t size) {
  std::vector<uint8_t> bytes(size);
  for (uint8_t &byte : bytes) byte = random.byte();
  return bytes;
}

void put(std::vector<uint8_t> &to, uint64_t at, const std::vector<uint8_t> &bytes) {
  std::copy(bytes.begin(), bytes.end(), to.begin() + static_cast<ptrdiff_t>(at));
}

void check_steps(Random &random) {
  std::FILE *file = std::tmpfile();
  if (!file) throw std::runtime_error("cannot make a file");
  hs_space *space = hs_space_open(dup(fileno(file)), 0);
  std::fclose(file);
  hs_held *held = hs_held_new();
  std::vector<uint8_t> disk = random_bytes(random, FILE_BYTES);
  expect(hs_space_write(space, disk.data(), disk.size(), 0) == 0, "the file can't be written");
  std::vector<uint8_t> seen = disk;

  for (uint64_t steps = random.from(1, 60); steps > 0; steps--) {
    const uint64_t kind = random.upto(5);
    const Range to = random_range(random, 0, SOURCES);
    if (kind <= 1) {
      const std::vector<uint8_t> bytes = random_bytes(random, to.size);
      Exact given(bytes.data(), bytes.size());
      expect(hs_held_put(held, given.data(), given.size(), to.begin) == 0, "put fails");
      put(seen, to.begin, bytes);
    } else if (kind == 2) {
      const uint64_t size = std::min(to.size, FILE_BYTES - SOURCES);
      const uint64_t from = random.from(SOURCES, FILE_BYTES - size);
      expect(hs_held_move(held, from, to.begin, size) == 0, "move fails");
      expect(hs_held_source(held, to.begin) == from, "a move has another source");
      std::memcpy(seen.data() + to.begin, disk.data() + from, size);
    } else if (kind == 3) {
      const std::vector<uint8_t> bytes = random_bytes(random, to.size);
      expect(hs_held_drop(held, to.begin, to.size) == 0, "drop fails");
      expect(hs_held_source(held, to.begin) == to.begin, "what was dropped has a source");
      expect(hs_space_write(space, bytes.data(), bytes.size(), to.begin) == 0, "write fails");
      put(seen, to.begin, bytes);
      put(disk, to.begin, bytes);
    } else if (kind == 4 && random.one_in(4)) {
      expect(hs_held_write(held, space) == 0, "flush fails");
      disk = seen;
    }
    const Range range = random_range(random, 0, FILE_BYTES);
    Exact found(range.size);
    expect(hs_space_read(space, found.data(), range.size, range.begin) == 0, "read fails");
    expect(!std::memcmp(found.data(), disk.data() + range.begin, range.size), "the disk is another");
    expect(hs_held_overlay(held, space, found.data(), range.size, range.begin) == 0, "overlay fails");
    expect(!std::memcmp(found.data(), seen.data() + range.begin, range.size), "a reader sees another");
  }
  hs_held_free(held);
  hs_space_release(space);
}

}  // namespace

int main(int count, char **arguments) { return fuzz::run(count, arguments, check_steps); }
