/*
 * Runs: bytes that repeat what lies a fixed distance before them. They are found without a search.
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

  /* Forgets what it learned of a plane. `distance`, if above 1, is looked at besides 1. */
  void begin(uint32_t distance);

  /*
   * Whether the bytes are nothing but a repeat of what lies before them; then they are one token.
   * This is told at once, and most of a plane is so where data have few bits.
   */
  bool tokenise_whole(const uint8_t *bytes, size_t size, size_t before, Unit &unit) const;

  /*
   * Makes tokens of bytes of which at least half are in runs, as those of the last unit were; false
   * if they are not. Their values need not be counted for that.
   */
  bool tokenise_ruled(const uint8_t *bytes, size_t size, size_t before, Unit &unit);

  /*
   * Makes tokens of at most max_unit_size bytes, of which `counts` tells the values; `before` bytes
   * lie before them, which runs may reach back to. False where there are too few runs to pay; then
   * the unit holds anything.
   */
  bool tokenise(const uint8_t *bytes, size_t size, size_t before, const ByteCounts &counts,
                Unit &unit);

  /* Tells that the runs found last did not pay, so that the like of them are not tried again. */
  void lost() {
    lost_starts_ = starts_found_;
    rule_ = false;
  }

 private:
  /* Of one distance: where bytes are equal, and where runs begin. */
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
  Cost match_ = 0;                     /* what a run is taken to cost */
  std::array<uint32_t, 256> literals_; /* and each literal */
  unsigned least_ = 0;                 /* length from which on some runs pay */
  unsigned sure_ = 0;                  /* and all */
  bool rule_ = false;                  /* whether at least half of the last unit was in runs */
  bool both_ = false; /* whether runs at distance_ are taken, besides those at 1 */
  uint64_t starts_found_ = 0;
  uint64_t lost_starts_ = 0;
  Masks masks_[2];
  uint64_t starts_[mask_words(max_unit_size)]; /* of both */
  Histogram histogram_;
};

}  // namespace hyperslab::deflate
