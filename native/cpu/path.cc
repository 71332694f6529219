#include "cpu/path.h"

namespace hyperslab {
namespace {

struct Paths {
  Path list[3] = {Path::plain};
  size_t count = 1;

  void add(Path path) { list[count++] = path; }

  Paths() {
#ifdef HYPERSLAB_X86
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                      __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
    if (!avx2) return;
    add(Path::avx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vbmi"))
      add(Path::avx512);
#endif
#ifdef HYPERSLAB_NEON
    add(Path::neon); /* part of every 64-bit ARM processor */
#endif
  }
};

}  // namespace

std::span<const Path> paths() {
  static const Paths known;
  return {known.list, known.count};
}

const char *name_of(Path path) {
  switch (path) {
    case Path::plain: return "plain";
    case Path::avx2: return "avx2";
    case Path::avx512: return "avx512";
    case Path::neon: return "neon";
  }
  return "unknown";
}

}  // namespace hyperslab
