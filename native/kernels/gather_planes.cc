#include "kernels/gather_planes.h"

namespace hyperslab {

void gather_planes(const uint8_t *in, const ItemRows &rows, bool swap, uint8_t *out, size_t plane,
                   Path path) {
  const int64_t step = static_cast<int64_t>(plane);
  const int64_t last = static_cast<int64_t>(rows.item_size - 1) * step;
  const PlaneKernels kernels = plane_kernels(rows.item_size, path);
  kernels.to_planes(in, rows, swap ? out + last : out, swap ? -step : step);
}

}  // namespace hyperslab
