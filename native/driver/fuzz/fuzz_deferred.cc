/*
 * Random writes, moves and flushes, compared with a model of two arrays: what a reader sees, and
 * what the file on the disk holds. The file changes only with a flush, or where a write is direct.
 * Some flushes are interrupted: the file must then equal one of the two arrays, whatever became of
 * the log.
 */
#include <unistd.h>

#include <cstring>

#include "driver/deferred.h"
#include "driver/flush.h"
#include "driver/flush_log.h"
#include "driver/space.h"
#include "testing/fuzz.h"

namespace {

constexpr uint64_t FILE_BYTES = 600;
/* Sources of moves lie from here on. They never change. */
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

/*
 * Interrupts a flush: leaves its log, perhaps cut off or damaged, and a part of the deferred writes
 * in place. Then opens the file, and returns whether the flush was completed.
 */
bool interrupt(Random &random, hs_space *space, hs_deferred *deferred,
               const std::vector<uint8_t> &seen) {
  expect(hs_flush_log_write(deferred, space, FILE_BYTES) == 0, "the log can't be written");
  uint64_t size = 0;
  expect(hs_space_size(space, &size) == 0, "the file has no size");
  const bool is_whole = random.one_in(2);
  if (is_whole) {
    for (uint64_t at = 0; at < SOURCES; at++)
      if (random.one_in(2)) expect(hs_space_write(space, &seen[at], 1, at) == 0, "write fails");
  } else if (random.one_in(2)) {
    size = random.from(FILE_BYTES, size - 1);
    expect(hs_space_resize(space, size) == 0, "resize fails");
  } else {
    const uint64_t at = random.from(FILE_BYTES, size - 1);
    uint8_t byte = 0;
    expect(hs_space_read(space, &byte, 1, at) == 0, "read fails");
    byte ^= static_cast<uint8_t>(random.from(1, 255));
    expect(hs_space_write(space, &byte, 1, at) == 0, "write fails");
  }
  hs_deferred *found = hs_deferred_new();
  uint64_t end = 0;
  if (random.one_in(2)) {
    std::vector<uint8_t> overlaid(FILE_BYTES);
    expect(hs_flush_recover(found, space, size, false, &end) == 0, "reading fails");
    expect(hs_space_read(space, overlaid.data(), FILE_BYTES, 0) == 0, "read fails");
    expect(hs_deferred_overlay(found, space, overlaid.data(), FILE_BYTES, 0) == 0, "overlay fails");
    expect(!is_whole || overlaid == seen, "a reader of an interrupted flush sees another");
    hs_deferred_free(found);
    found = hs_deferred_new();
  }
  expect(hs_flush_recover(found, space, size, true, &end) == 0, "completing fails");
  expect(hs_deferred_is_empty(found), "something is held after completing");
  expect(end == (is_whole ? FILE_BYTES : size), "the log is another");
  hs_deferred_free(found);
  expect(hs_space_resize(space, FILE_BYTES) == 0, "resize fails");
  return is_whole;
}

void check_steps(Random &random) {
  std::FILE *file = std::tmpfile();
  if (!file) throw std::runtime_error("cannot make a file");
  hs_space *space = hs_space_open(dup(fileno(file)), 0);
  std::fclose(file);
  hs_deferred *deferred = hs_deferred_new();
  std::vector<uint8_t> disk = random_bytes(random, FILE_BYTES);
  expect(hs_space_write(space, disk.data(), disk.size(), 0) == 0, "the file can't be written");
  std::vector<uint8_t> seen = disk;

  for (uint64_t steps = random.from(1, 60); steps > 0; steps--) {
    const uint64_t kind = random.upto(5);
    const Range to = random_range(random, 0, SOURCES);
    if (kind <= 1) {
      const std::vector<uint8_t> bytes = random_bytes(random, to.size);
      Exact given(bytes.data(), bytes.size());
      expect(hs_deferred_put(deferred, given.data(), given.size(), to.begin) == 0, "put fails");
      put(seen, to.begin, bytes);
    } else if (kind == 2) {
      const uint64_t size = std::min(to.size, FILE_BYTES - SOURCES);
      const uint64_t from = random.from(SOURCES, FILE_BYTES - size);
      expect(hs_deferred_move(deferred, from, to.begin, size) == 0, "move fails");
      expect(hs_deferred_source(deferred, to.begin, size) == from, "a move has another source");
      std::memcpy(seen.data() + to.begin, disk.data() + from, size);
    } else if (kind == 3) {
      const std::vector<uint8_t> bytes = random_bytes(random, to.size);
      expect(hs_deferred_drop(deferred, to.begin, to.size) == 0, "drop fails");
      expect(hs_deferred_source(deferred, to.begin, to.size) == to.begin,
             "what was dropped has a source");
      expect(hs_space_write(space, bytes.data(), bytes.size(), to.begin) == 0, "write fails");
      put(seen, to.begin, bytes);
      put(disk, to.begin, bytes);
    } else if (kind == 4 && random.one_in(4)) {
      bool repairable = true;
      expect(hs_flush(deferred, space, random.one_in(2), &repairable) == 0 && !repairable,
             "flush fails");
      disk = seen;
    } else if (kind == 5 && random.one_in(4)) {
      if (interrupt(random, space, deferred, seen)) disk = seen;
      seen = disk;
      hs_deferred_free(deferred);
      deferred = hs_deferred_new();
    }
    const Range range = random_range(random, 0, FILE_BYTES);
    Exact found(range.size);
    expect(hs_space_read(space, found.data(), range.size, range.begin) == 0, "read fails");
    expect(!std::memcmp(found.data(), disk.data() + range.begin, range.size),
           "the disk is another");
    expect(hs_deferred_overlay(deferred, space, found.data(), range.size, range.begin) == 0,
           "overlay fails");
    expect(!std::memcmp(found.data(), seen.data() + range.begin, range.size),
           "a reader sees another");
  }
  hs_deferred_free(deferred);
  hs_space_release(space);
}

}  // namespace

int main(int count, char **arguments) { return fuzz::run(count, arguments, check_steps); }
