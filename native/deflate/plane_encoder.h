/* Codes a chunk plane by plane, unit by unit, each as what is smallest. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "deflate/blocks.h"
#include "deflate/effort.h"
#include "deflate/encoder.h"
#include "deflate/matches.h"
#include "deflate/probe.h"
#include "deflate/runs.h"
#include "deflate/unit.h"

namespace hyperslab::deflate {

/* Who serves a chunk best; both are to be tried where that is not known. */
enum class Best : uint8_t { planes, library, planes_or_library, planes_or_rival };

class PlaneEncoder {
 public:
  /* `level` is 1 to 9. */
  PlaneEncoder(int level, Path path);

  static size_t memory();

  /*
   * Looks at what kind of data a chunk holds, and tells who serves it best: where matches rule all
   * of it, the library. Two are named only where the level allows for both to be tried. `in` must
   * stay until write() is done. `size` is below 2^31.
   */
  Best look(const uint8_t *in, size_t size, const Planes &planes);

  /*
   * Writes the blocks of the chunk that was looked at last; returns where they end, or null if they
   * don't fit into `room`. Adds to `encoded`. May be called again.
   */
  uint8_t *write(uint8_t *out, size_t room, EncodedBytes &encoded);

 private:
  struct Plane {
    const uint8_t *bytes;
    size_t size;
    PlaneKind kind;
  };

  void drop_matches();
  Best best() const;
  void spare_matches();
  void write_plane(const Plane &plane, EncodedBytes &encoded);
  bool write_unit(const Plane &plane, size_t at, size_t size, EncodedBytes &encoded);
  bool matches_pay(size_t at, size_t size, Cost others);

  const Effort &effort_;
  const uint8_t *in_ = nullptr;
  std::vector<Plane> planes_;
  struct Units {
    Unit literals, runs, matches;
  };
  std::unique_ptr<Units> units_;
  Probe probe_;
  Matches matches_;
  Runs runs_;
  PlaneCounter counter_;
  Blocks blocks_;

  Prices prices_;        /* of the plane that is being written */
  unsigned resting_ = 0; /* units that matches are not looked for in */
  unsigned rest_ = 0;    /* how many that were last */
};

}  // namespace hyperslab::deflate
