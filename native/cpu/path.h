/*
 * The instruction sets ("paths") that kernels are written for. Every kernel gives the same bytes on
 * every path. The plain path runs everywhere.
 *
 * The kernels of a path have a target attribute of their own, so that no other code is compiled for
 * a processor that the machine may not have.
 */
#pragma once

#include <cstdint>
#include <span>

#if defined(__x86_64__) && !defined(HYPERSLAB_PLAIN)
#define HYPERSLAB_X86 1
#define HYPERSLAB_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define HYPERSLAB_AVX512 \
  __attribute__((target("avx2,bmi,bmi2,popcnt,avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi")))
#elif defined(__aarch64__) && !defined(HYPERSLAB_PLAIN)
#define HYPERSLAB_NEON 1
#endif

namespace hyperslab {

/* avx512 includes VBMI, as Ice Lake and Zen 4 have it. */
enum class Path : uint8_t { plain, avx2, avx512, neon };

/* The paths that this machine can run, plain first and the fastest last. Any thread may call. */
std::span<const Path> paths();

inline Path best_path() { return paths().back(); }

/* The name in reports: "plain", "avx2", "avx512" or "neon". */
const char *name_of(Path path);

}  // namespace hyperslab
