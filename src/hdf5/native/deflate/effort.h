/* What a level means. */
#pragma once

#include "deflate/cost.h"
#include "deflate/matches.h"

namespace hyperslab::deflate {

struct Effort {
  Search search;
  /*
   * To look for matches takes ten times as long as all else, so they are left out where they save
   * little: less than `worth` of a chunk, or in planes where they save so little that all of those
   * together hold no more than `spared`. In thousandths.
   */
  unsigned worth;
  unsigned spared;
  /* Bits of a byte below which that is so in any case: little is left, and runs do nearly as well.
   */
  Cost least_cost;
  /* That of libdeflate for a chunk where matches rule: the first that is nowhere above zlib's size.
   */
  int library_level;
  /* Whether a chunk in which matches do not quite rule is made by both, for the smaller of the two.
   */
  bool both;
  bool long_units;
};

/* `level` is 1 to 9. */
inline const Effort &effort_of(int level) {
  static constexpr Effort efforts[] = {
      {{4, 32, false}, 30, 8, one_bit / 4, 2, false, true},
      {{6, 32, false}, 30, 8, one_bit / 4, 3, false, true},
      {{8, 48, false}, 30, 8, one_bit / 4, 3, false, true},
      {{12, 48, false}, 30, 8, one_bit / 4, 4, false, true},
      {{16, 64, true}, 20, 5, one_bit / 8, 6, false, true},
      {{32, 128, true}, 10, 2, one_bit / 16, 7, true, false},
      {{64, 258, true}, 5, 1, one_bit / 64, 8, true, false},
      {{256, 258, true}, 2, 0, 0, 9, true, false},
      {{2048, 258, true}, 0, 0, 0, 11, true, false},
  };
  return efforts[level - 1];
}

}  // namespace hyperslab::deflate
