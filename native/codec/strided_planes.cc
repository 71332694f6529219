#include <algorithm>

#include "codec/strided_copy.h"
#include "kernels/gather_planes.h"

namespace hyperslab {
namespace {

/* Runs the loops around the rows. */
struct PlaneWalk {
  const Loop *loops;
  ItemRows rows;
  bool swap;
  size_t plane;

  void run(size_t level, const uint8_t *from, uint8_t *to) const {
    if (level == 0) return gather_planes(from, rows, swap, to, plane);
    const Loop &loop = loops[level - 1];
    for (uint64_t i = 0; i < loop.n; i++)
      run(level - 1, from + loop.from.at(i),
          to + loop.to.at(i) / static_cast<int64_t>(rows.item_size));
  }
};

}  // namespace

bool StridedCopy::is_rows() const {
  const auto is_run = [&](const Stride &stride) {
    return !stride.table && stride.step == static_cast<int64_t>(item_);
  };
  /* Shorter rows are faster to gather first and to shuffle afterwards. */
  const uint64_t least = std::max<uint64_t>(16, 4 * item_);
  return rank_ > 0 && is_run(loops_[0].from) && is_run(loops_[0].to) && loops_[0].n >= least;
}

void StridedCopy::run_to_planes(const uint8_t *from, uint8_t *to, size_t plane, bool swap) const {
  const int64_t item = static_cast<int64_t>(item_);
  PlaneWalk walk{loops_ + 1, {1, loops_[0].n, item_, 0, 0}, swap, plane};
  size_t level = rank_ - 1;
  if (level > 0 && !loops_[1].from.table && !loops_[1].to.table) {
    walk.rows.rows = loops_[1].n;
    walk.rows.stride = loops_[1].from.step;
    walk.rows.apart = loops_[1].to.step / item;
    walk.loops++;
    level--;
  }
  walk.run(level, from + from_, to + to_ / item);
}

}  // namespace hyperslab
