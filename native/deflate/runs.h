/*
 * Runs: bytes that repeat what lies a fixed distance before them. Comparing the data with itself,
 * shifted by the distance, finds them all at once, without a search.
 *
 * A mask has a bit for each byte that equals the one `distance` before it. ANDing the mask with
 * itself, shifted, leaves the places where at least `least` such bits begin. A run is taken if its
 * literals would cost at least what a run costs; both prices are learned from the unit before.
 */
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "cpu/path.h"
#include "deflate/equal.h"
#include "deflate/histogram.h"
#include "deflate/unit.h"

namespace hyperslab::deflate {

class Runs {
 public:
  explicit Runs(Path path) : path_(path) {}

  /*
   * Begins with a plane and forgets what was learned from the one before. Runs are looked for at
   * the distance 1, and at `distance` if that is above 1 and at most max_distance.
   */
  void begin(uint32_t distance);

  /*
   * Whether all bytes are one run; the unit is then one token. The answer takes next to no time,
   * and in data of few bits most units of the high planes are such runs.
   */
  bool tokenise_whole(const uint8_t *bytes, size_t size, size_t before, Unit &unit) const;

  /*
   * Makes tokens if at least half of the bytes are in runs, as at least half of the last unit were;
   * else returns false. The values of the bytes need not be counted for this.
   */
  bool tokenise_ruled(const uint8_t *bytes, size_t size, size_t before, Unit &unit);

  /*
   * Makes tokens of at most max_unit_size bytes, whose values are counted in `counts`. Runs may
   * reach back to the `before` bytes before them. Returns false if runs are too few to pay; the
   * unit is then undefined.
   */
  bool tokenise(const uint8_t *bytes, size_t size, size_t before, const ByteCounts &counts,
                Unit &unit);

  /*
   * Says that the runs found last did not pay, so that about the same number of runs is not tried
   * again.
   */
  void lost() {
    lost_starts_ = starts_found_;
    rule_ = false;
  }

 private:
  /* For one distance, where bytes are equal and where runs begin. */
  struct Masks {
    uint64_t equal[mask_words(max_unit_size)];
    uint64_t starts[mask_words(max_unit_size)];
    uint64_t count;
  };

  void find(const uint8_t *bytes, size_t size, size_t before, uint32_t distance, Masks &masks);
  void price(const uint32_t *literals, Cost match);
  void price(const SymbolCounts &counts);
  bool pays(const uint8_t *run, size_t length) const;
  bool find_all(const uint8_t *bytes, size_t size, size_t before);
  void cut(const uint8_t *bytes, size_t size, Unit &unit);
  void cut_by(const uint8_t *bytes, size_t size, const uint64_t *starts, Unit &unit) const;
  void cut_avx2(const uint8_t *bytes, size_t size, const uint64_t *starts, Unit &unit) const;
  static uint64_t bytes_in_runs(const Unit &unit);
  void count_literals(const uint8_t *bytes, Unit &unit);
  void count_runs(const uint8_t *bytes, const ByteCounts &counts, Unit &unit);

  Path path_;
  uint32_t distance_ = 0;
  bool priced_ = false;
  Cost match_ = 0;                     /* assumed cost of a run */
  std::array<uint32_t, 256> literals_; /* assumed cost of each literal */
  unsigned least_ = 0;                 /* the shortest run that may pay */
  unsigned sure_ = 0;                  /* the shortest run that pays whatever its literals are */
  bool rule_ = false;                  /* whether at least half of the last unit was in runs */
  bool both_ = false; /* whether runs at distance_ are taken, besides those at 1 */
  uint64_t starts_found_ = 0;
  uint64_t lost_starts_ = 0;
  Masks masks_[2];
  uint64_t starts_[mask_words(max_unit_size)]; /* of both */
  Histogram histogram_;
};

}  // namespace hyperslab::deflate
