/*
 * A chunk is coded in two passes.
 *
 * look() asks the probe about each plane: what do its bytes cost without matches, and how much
 * would matches save? From the sums over all planes it decides who codes the chunk. If matches save
 * a good part of nearly everything, libdeflate does; it is built for that. If they save next to
 * nothing, the planes do, without any search. In between, matches are searched for in the planes
 * where they pay; the level says what counts as paying (effort.h) and whether libdeflate is tried
 * as well.
 *
 * write() cuts each plane into units of 8 KiB, makes up to three versions of each unit, and takes
 * the cheapest:
 *
 *   literals   every byte by its own code; costs one count of byte values
 *   runs       stretches that repeat what lies 1 byte, or the plane's distance, before (runs.h);
 *              costs a comparison of the unit with itself
 *   matches    what a search through the last 32 KiB of the chunk finds (matches.h); costs ten
 *              times as much as everything else, so only planes that the probe chose get it
 *
 * Shortcuts come first: a unit that repeats what lies before it from end to end is one token, and
 * in a plane that is mostly runs not even the byte values are counted. A unit that no version makes
 * smaller by 1 % is stored. Where a version lost, it is not tried for a while: matches rest for 1,
 * 2, 4 and then 8 units, runs until their number differs from the number that lost.
 *
 * Versions are compared by estimates: what their symbols would cost in a code of their own
 * (cost.h). The true code is made later, by the blocks (blocks.h), which join neighbouring units
 * that one code serves about as well as two. Where units are joined, data are steady, and the next
 * unit may be twice as long.
 */
#include "deflate/plane_encoder.h"

#include <algorithm>

namespace hyperslab::deflate {
namespace {

/*
 * After matches did not pay, at most this many units are coded before the next search.
 */
constexpr unsigned max_rest = 8;

}  // namespace

PlaneEncoder::PlaneEncoder(int level, Path path)
    : effort_(effort_of(level)),
      units_(std::make_unique<Units>()),
      probe_(path, units_->literals),
      matches_(effort_.search),
      runs_(path),
      counter_(path),
      blocks_(path) {
  planes_.reserve(max_planes);
}

size_t PlaneEncoder::memory() {
  return sizeof(PlaneEncoder) + sizeof(Units) + max_planes * sizeof(Plane) + Probe::memory() +
         Matches::memory() + Blocks::memory();
}

Best PlaneEncoder::look(const uint8_t *in, size_t size, const Planes &planes) {
  in_ = in;
  planes_.clear();
  const size_t length = size / planes.count;
  for (size_t k = 0; k < planes.count; k++) {
    Plane &plane = planes_.emplace_back();
    plane.bytes = in + k * length;
    /* Bytes that are left over go with the last plane. */
    plane.size = k + 1 < planes.count ? length : size - k * length;
    probe_.look(plane.bytes, plane.size, k * length, planes.row, plane.kind);
  }
  drop_matches();
  const Best best_one = best();
  spare_matches();
  return best_one;
}

/*
 * Gives up matches in planes where they save too little for the level, and in the whole chunk if
 * they save too little of it.
 */
void PlaneEncoder::drop_matches() {
  Cost all = 0, saved = 0;
  for (auto &[bytes, size, kind] : planes_) {
    all += kind.cost;
    /*
     * A plane may save a little less than `worth`: whether the chunk saves enough is checked below.
     */
    if (kind.cost < effort_.least_cost || kind.gain * 1000 < kind.cost * effort_.worth * 4 / 5)
      kind.gain = 0;
    saved += kind.gain;
  }
  if (saved * 1000 >= all * effort_.worth) return;
  for (Plane &plane : planes_) plane.kind.gain = 0;
}

/*
 * libdeflate is best if matches save at least a thirtieth of the chunk, and planes that hold at
 * least 85 % of its cost each gain a fortieth or more.
 */
Best PlaneEncoder::best() const {
  Cost all = 0, ruled = 0, saved = 0;
  for (const auto &[bytes, size, kind] : planes_) {
    all += kind.cost;
    saved += kind.gain;
    if (kind.cost * 4 >= one_bit && kind.gain * 40 >= kind.cost) ruled += kind.cost;
  }
  if (saved == 0) return Best::planes;
  /* From these bounds on libdeflate was found to be as fast, and its streams smaller. */
  if (saved * 30 < all) return effort_.always_both ? Best::planes_or_rival : Best::planes;
  if (ruled * 100 >= all * 85) return effort_.always_both ? Best::planes_or_library : Best::library;
  return effort_.rival_level ? Best::planes_or_rival : Best::planes;
}

/* Gives up matches in the planes that gain least, as long as little is lost in all. */
void PlaneEncoder::spare_matches() {
  Cost all = 0;
  for (const Plane &plane : planes_) all += plane.kind.cost;
  Cost spared = all * effort_.spared / 1000;
  for (;;) {
    PlaneKind *least = nullptr;
    for (Plane &plane : planes_)
      if (plane.kind.gain > 0 && (!least || plane.kind.gain < least->gain)) least = &plane.kind;
    if (!least || least->gain > spared) return;
    spared -= least->gain;
    least->gain = 0;
  }
}

uint8_t *PlaneEncoder::write(uint8_t *out, size_t room, EncodedBytes &encoded) {
  blocks_.begin(out, room);
  for (const Plane &plane : planes_) write_plane(plane, encoded);
  return blocks_.finish();
}

void PlaneEncoder::write_plane(const Plane &plane, EncodedBytes &encoded) {
  runs_.begin(plane.kind.distance);
  counter_.begin();
  resting_ = rest_ = 0;
  if (plane.kind.gain > 0) {
    prices_ = plane.kind.prices;
    matches_.begin(in_, static_cast<size_t>(plane.bytes - in_) + plane.size, plane.kind.least);
  }
  size_t length = unit_size;
  for (size_t at = 0, size; at < plane.size && !blocks_.full(); at += size) {
    size = std::min(length, plane.size - at);
    const bool joined = write_unit(plane, at, size, encoded);
    length = joined && effort_.long_units ? std::min(2 * length, max_unit_size) : unit_size;
  }
}

/* Returns whether the unit was joined to the one before it. */
bool PlaneEncoder::write_unit(const Plane &plane, size_t at, size_t size, EncodedBytes &encoded) {
  const uint8_t *bytes = plane.bytes + at;
  const auto before = static_cast<size_t>(bytes - in_);
  if (runs_.tokenise_whole(bytes, size, before, units_->runs) ||
      (plane.kind.gain == 0 && runs_.tokenise_ruled(bytes, size, before, units_->runs))) {
    encoded.runs += size;
    return blocks_.add(bytes, size, units_->runs);
  }
  ByteCounts counts;
  counter_.count(bytes, size, counts);
  Unit &literals = units_->literals;
  literals.clear();
  std::copy(counts.begin(), counts.end(), literals.counts.literals);
  literals.cost = literals.counts.estimate_literals();
  literals.add({static_cast<uint32_t>(size), 0, 0});

  const Unit *best = &literals;
  uint64_t *coded_as = &encoded.literals;
  if (runs_.tokenise(bytes, size, before, counts, units_->runs)) {
    if (units_->runs.cost.cost < literals.cost.cost) {
      best = &units_->runs;
      coded_as = &encoded.runs;
    } else if (units_->runs.cost.cost * 100 > literals.cost.cost * 102) {
      /* Clearly dearer, not by chance. */
      runs_.lost();
    }
  }
  if (plane.kind.gain > 0 && matches_pay(before, size, best->cost.cost)) {
    best = &units_->matches;
    coded_as = &encoded.matches;
  }
  /* A gain below 1 % does not cover the header of the block. */
  if (best->cost.cost * 100 >= size * 8 * one_bit * 99) {
    encoded.stored += size;
    return blocks_.add_stored(bytes, size);
  }
  *coded_as += size;
  return blocks_.add(bytes, size, *best);
}

bool PlaneEncoder::matches_pay(size_t at, size_t size, Cost others) {
  if (resting_ > 0) {
    resting_--;
    return false;
  }
  Unit &unit = units_->matches;
  matches_.tokenise(at, size, prices_, unit);
  /* A gain below 1 % is used, but is not worth another search soon. */
  if (unit.cost.cost * 100 < others * 99) {
    prices_.learn(unit.counts);
    rest_ = 0;
    return true;
  }
  resting_ = rest_ = std::clamp(2 * rest_, 1u, max_rest);
  return unit.cost.cost < others;
}

}  // namespace hyperslab::deflate
