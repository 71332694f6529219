/* Codes a chunk plane by plane and unit by unit, each in the cheapest way. */
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

/*
 * The best way to code a chunk. If that is not known beforehand, two ways are tried and the smaller
 * stream is kept; the rival is libdeflate at another level than the library (effort.h).
 */
enum class Best : uint8_t { planes, library, planes_or_library, planes_or_rival };

class PlaneEncoder {
 public:
  /* `level` is 1 to 9. */
  PlaneEncoder(int level, Path path);

  static size_t memory();

  /*
   * Finds out what kind of data the planes of a chunk hold, and returns what codes the chunk best.
   * `in` is borrowed until the last write() of this chunk. `size` is below 2^31, and planes.count 1
   * to max_planes.
   */
  Best look(const uint8_t *in, size_t size, const Planes &planes);

  /*
   * Writes the blocks of the chunk that was looked at last. Returns their end, or null if they
   * don't fit into `room`. Adds to `encoded`. May be called again for the same chunk.
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

  Prices prices_;        /* for matches, learned from the plane so far */
  unsigned resting_ = 0; /* units for which matches are not searched for yet */
  unsigned rest_ = 0;    /* length of the last such rest */
};

}  // namespace hyperslab::deflate
