#include "codec/checksum.h"

#include <xxhash.h>

namespace hyperslab {

uint64_t checksum(const uint8_t *bytes, size_t size) { return XXH3_64bits(bytes, size); }

}  // namespace hyperslab
