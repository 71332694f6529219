/* What each level means: how much work the encoder does for how few bytes. */
#pragma once

#include "deflate/cost.h"
#include "deflate/matches.h"

namespace hyperslab::deflate {

struct Effort {
  /* How hard matches are searched for. */
  Search search;
  /*
   * Searching takes ten times as long as everything else, so no matches are searched for in a chunk
   * that they would make smaller by less than `worth` thousandths, or in the planes that would gain
   * least, as long as those planes together lose no more than `spared` thousandths of the chunk.
   */
  unsigned worth;
  unsigned spared;
  /*
   * No matches are searched for in planes whose bytes cost less than this: there is little left to
   * save, and runs save nearly as much.
   */
  Cost least_cost;
  /*
   * libdeflate's level for chunks that are left to it because matches save much nearly everywhere:
   * the first that makes them no larger than zlib does.
   */
  int library_level;
  /*
   * libdeflate's level for chunks in which matches save something but not that much; both ways are
   * then tried, and the smaller stream is kept. 0 if only planes are tried.
   */
  int rival_level;
  /*
   * Whether both ways are tried for all chunks in which matches save anything, also for those that
   * are otherwise left to libdeflate: it does not search far enough back to find planes that equal
   * one another.
   */
  bool always_both;
  /* Whether units may grow where data are steady, which saves time. */
  bool long_units;
};

/* `level` is 1 to 9. The numbers were chosen with the catalogue of bench/deflate. */
inline const Effort &effort_of(int level) {
  static constexpr Effort efforts[] = {
      /* 1 */
      {.search = {.depth = 4, .enough = 32, .lazy = false},
       .worth = 30,
       .spared = 8,
       .least_cost = one_bit / 4,
       .library_level = 2,
       .rival_level = 0,
       .always_both = false,
       .long_units = true},
      /* 2 */
      {.search = {.depth = 6, .enough = 32, .lazy = false},
       .worth = 30,
       .spared = 8,
       .least_cost = one_bit / 4,
       .library_level = 3,
       .rival_level = 0,
       .always_both = false,
       .long_units = true},
      /* 3 */
      {.search = {.depth = 8, .enough = 48, .lazy = false},
       .worth = 30,
       .spared = 8,
       .least_cost = one_bit / 4,
       .library_level = 3,
       .rival_level = 0,
       .always_both = false,
       .long_units = true},
      /* 4 */
      {.search = {.depth = 12, .enough = 48, .lazy = false},
       .worth = 30,
       .spared = 8,
       .least_cost = one_bit / 4,
       .library_level = 4,
       .rival_level = 0,
       .always_both = false,
       .long_units = true},
      /* 5 */
      {.search = {.depth = 16, .enough = 64, .lazy = true},
       .worth = 20,
       .spared = 5,
       .least_cost = one_bit / 8,
       .library_level = 6,
       .rival_level = 0,
       .always_both = false,
       .long_units = true},
      /* 6 */
      {.search = {.depth = 32, .enough = 128, .lazy = true},
       .worth = 10,
       .spared = 2,
       .least_cost = one_bit / 16,
       .library_level = 7,
       .rival_level = 7,
       .always_both = false,
       .long_units = false},
      /* 7 */
      {.search = {.depth = 64, .enough = 258, .lazy = true},
       .worth = 5,
       .spared = 1,
       .least_cost = one_bit / 64,
       .library_level = 8,
       .rival_level = 8,
       .always_both = false,
       .long_units = false},
      /* 8 */
      {.search = {.depth = 256, .enough = 258, .lazy = true},
       .worth = 2,
       .spared = 0,
       .least_cost = 0,
       .library_level = 9,
       .rival_level = 9,
       .always_both = false,
       .long_units = false},
      /* 9 */
      {.search = {.depth = 2048, .enough = 258, .lazy = true},
       .worth = 0,
       .spared = 0,
       .least_cost = 0,
       .library_level = 9,
       .rival_level = 11,
       .always_both = true,
       .long_units = false},
  };
  return efforts[level - 1];
}

}  // namespace hyperslab::deflate
