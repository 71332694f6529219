#include "kernels/planes.h"

namespace hyperslab {

PlaneKernels plane_kernels(size_t item_size, Path path) {
  if (item_size > max_sized_item) return plain_plane_kernels(item_size);
  switch (path) {
#ifdef HYPERSLAB_X86
    case Path::avx2: return avx2_plane_kernels(item_size);
    case Path::avx512: return avx512_plane_kernels(item_size);
#endif
#ifdef HYPERSLAB_NEON
    case Path::neon: return neon_plane_kernels(item_size);
#endif
    default: return plain_plane_kernels(item_size);
  }
}

}  // namespace hyperslab
