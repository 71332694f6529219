/* Estimates from a few parts of a plane what kind of data it holds; probe.cc says how. */
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "deflate/format.h"
#include "deflate/prices.h"
#include "deflate/runs.h"
#include "deflate/unit.h"

namespace hyperslab::deflate {

struct PlaneKind {
  Cost cost = 0;         /* of a byte, coded without matches */
  Cost gain = 0;         /* what matches save of it; 0 if they don't pay */
  uint32_t distance = 0; /* a distance besides 1 at which runs may pay, or 0 */
  unsigned least = 3;    /* the shortest match that may pay */
  Prices prices;         /* for the first unit that is searched */
};

/* Serves one thread at a time. */
class Probe {
 public:
  /* `unit` is memory for the probe to work in during look(). It must outlive the probe. */
  Probe(Path path, Unit &unit);

  static size_t memory();

  /* `before` bytes of the chunk lie before the plane and can be read; `row` is that of Planes. */
  void look(const uint8_t *plane, size_t size, size_t before, size_t row, PlaneKind &kind);

 private:
  /*
   * A part of the plane, of at most unit_size bytes. `searched` at its end are looked at for
   * matches.
   */
  struct Window {
    const uint8_t *bytes;
    size_t size;
    size_t before; /* bytes of the chunk that lie before */
    size_t searched;
  };

  /* The distance of most bytes in matches, if more than half of them have the same one. */
  struct Majority {
    uint32_t distance = 0;
    uint32_t votes = 0;

    void vote(uint32_t for_distance, uint32_t bytes);
  };

  static size_t place_windows(const uint8_t *plane, size_t size, size_t before, Window *windows);
  Cost cost_without_matches(const Window &window);
  void price_tokens(const Window &window);
  Cost gain_of_matches(const Window &window, unsigned least, SymbolCounts &counts,
                       Majority &majority);

  Runs runs_;
  Unit &unit_;
  Histogram histogram_;
  std::vector<uint32_t> costs_; /* of what begins before each byte that is searched */
  std::vector<uint32_t> pending_; /* of the run that begins before and goes on at each byte */
  std::vector<uint16_t> last_; /* 1 + the last position of each hash, or 0 */
};

}  // namespace hyperslab::deflate
