/* Free ranges against a model that marks each byte. */
#include "driver/ranges.h"

#include <vector>

#include "driver/space.h"
#include "testing/checks.h"
#include "testing/random.h"

using checks::check;

namespace {

constexpr uint64_t size = 64;

class Ranges {
 public:
  Ranges() : ranges_(hs_ranges_new()) {}
  Ranges(const Ranges &) = delete;
  Ranges &operator=(const Ranges &) = delete;
  ~Ranges() { hs_ranges_free(ranges_); }
  operator hs_ranges *() { return ranges_; }

 private:
  hs_ranges *ranges_;
};

/* The length of the longest range of a model, or of the one that ends at `end`. */
uint64_t longest(const std::vector<bool> &free) {
  uint64_t most = 0, length = 0;
  for (const bool one : free) {
    length = one ? length + 1 : 0;
    if (length > most) most = length;
  }
  return most;
}

uint64_t before(const std::vector<bool> &free, uint64_t end) {
  if (end < size && free[end]) return end;
  while (end > 0 && free[end - 1]) end--;
  return end;
}

void test_steps(Random &random) {
  Ranges ranges;
  std::vector<bool> free(size, false);
  for (int step = 0; step < 200; step++) {
    const uint64_t begin = random.upto(size - 1), count = random.upto(size - begin);
    switch (random.upto(3)) {
      case 0:
        check(hs_ranges_add(ranges, begin, count) == 0, [] { return "a range is added"; });
        for (uint64_t k = begin; k < begin + count; k++) free[k] = true;
        break;
      case 1: {
        const uint64_t taken = count == 0 ? HS_NOWHERE : hs_ranges_take(ranges, count);
        check((taken != HS_NOWHERE) == (count > 0 && count <= longest(free)),
              [] { return "as many bytes as there are in one piece are taken"; });
        for (uint64_t k = taken; taken != HS_NOWHERE && k < taken + count; k++) {
          check(free[k], [] { return "taken bytes were free"; });
          free[k] = false;
        }
        break;
      }
      case 2:
        check(hs_ranges_begin_before(ranges, begin) == before(free, begin),
              [] { return "where a range begins"; });
        break;
      default: {
        const uint64_t first = before(free, begin);
        check(hs_ranges_take_before(ranges, begin) == first, [] { return "the range is taken"; });
        for (uint64_t k = first; k < begin; k++) free[k] = false;
      }
    }
    uint64_t bytes = 0;
    for (const bool one : free) bytes += one;
    check(hs_ranges_bytes(ranges) == bytes, [] { return "all bytes are counted"; });
  }
  Ranges all;
  check(hs_ranges_move(all, ranges) == 0 && hs_ranges_bytes(ranges) == 0,
        [] { return "ranges are moved"; });
}

}  // namespace

int main() {
  for (uint64_t seed = 1; seed <= 50; seed++) {
    Random random(seed);
    test_steps(random);
  }
  return checks::report();
}
