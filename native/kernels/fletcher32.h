#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/path.h"

namespace hyperslab {

/*
 * The checksum of H5_checksum_fletcher32 (H5checksum.c): over big-endian 16-bit words; an odd byte
 * at the end is the high half of a word. Any thread may call.
 */
uint32_t fletcher32(const uint8_t *bytes, size_t size, Path path = best_path());

}  // namespace hyperslab
