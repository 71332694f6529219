/* Writes stretches of literals, which is where most of the time goes. */
#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/path.h"
#include "deflate/bits.h"
#include "deflate/block_code.h"

namespace hyperslab::deflate {

/* Bytes that write_literals() may overwrite behind what it writes. */
inline constexpr size_t literals_overrun = 8;

void write_literals(BitWriter &out, const uint8_t *bytes, size_t size, const BlockCode &code,
                    Path path);

#ifdef HYPERSLAB_X86
/* Writes a part of the literals, from the first on, and returns how many it wrote. */
size_t write_literals_avx512(BitWriter &out, const uint8_t *bytes, size_t size,
                             const BlockCode &code);
#endif

}  // namespace hyperslab::deflate
