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
  /* Of a byte; below it that is so in any case: little is left, and runs do nearly as well. */
  Cost least_cost;
  /* libdeflate's, for chunks where matches rule: the first that makes them no larger than zlib
   * does. */
  int library_level;
  /* libdeflate's, if not 0, for chunks in which matches do not quite rule: those are made both
   * ways. */
  int rival_level;
  /* Whether it is done wherever matches save anything at all; and both ways are tried, too, where
   * they rule: the library does not search far enough for planes that equal one another. */
  bool always_both;
  /* Whether units may be longer where data are steady, which saves time. */
  bool long_units;
};

/* `level` is 1 to 9. Chosen with the catalogue of bench/deflate. */
inline const Effort &effort_of(int level) {
  static constexpr Effort efforts[] = {
      /* depth, enough, lazy; worth, spared, least_cost;
       * library_level, rival_level, always_both, long_units */
      {{4, 32, false}, 30, 8, one_bit / 4, 2, 0, false, true},
      {{6, 32, false}, 30, 8, one_bit / 4, 3, 0, false, true},
      {{8, 48, false}, 30, 8, one_bit / 4, 3, 0, false, true},
      {{12, 48, false}, 30, 8, one_bit / 4, 4, 0, false, true},
      {{16, 64, true}, 20, 5, one_bit / 8, 6, 0, false, true},
      {{32, 128, true}, 10, 2, one_bit / 16, 7, 7, false, false},
      {{64, 258, true}, 5, 1, one_bit / 64, 8, 8, false, false},
      {{256, 258, true}, 2, 0, 0, 9, 9, false, false},
      {{2048, 258, true}, 0, 0, 0, 9, 11, true, false},
  };
  return efforts[level - 1];
}

}  // namespace hyperslab::deflate
