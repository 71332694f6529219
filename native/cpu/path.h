/*
 * The instruction sets that kernels are written for. Every kernel gives the same bytes on every
 * path; the plain one is always there.
 *
 * Kernels of a path are functions with a target attribute of their own, so nothing else is compiled
 * for a processor that may not be there.
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

/* avx512 is that of Ice Lake and Zen 4, with VBMI. */
enum class Path : uint8_t { plain, avx2, avx512, neon };

/* Those that this machine can run: the plain one first, the fastest last. Any thread may call. */
std::span<const Path> paths();

inline Path best_path() { return paths().back(); }

/* As it is called in reports: "plain", "avx2", "avx512", "neon". */
const char *name_of(Path path);

}  // namespace hyperslab
