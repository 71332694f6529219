/*
 * Where memory was read from, as JavaScript says it: { bytes, descriptor, position }, see
 * arguments.h for the two steps of reading.
 *
 *  1. The descriptor stays JavaScript's; it must be open while the origin is used.
 *  2. That the file still has there what the memory holds is for the caller to see to.
 */
#pragma once

#include <cstdint>
#include <optional>

#include "addon/arguments.h"

namespace hyperslab::addon {

/* Memory that holds what a file has from `position` on. */
struct Origin {
  int file = -1; /* none */
  uint64_t position = 0;
  Memory memory{nullptr, 0, false};

  /*
   * Where in the file bytes of the memory lie; nothing for other bytes, or where they are no whole
   * blocks of HS_BLOCK there.
   */
  std::optional<uint64_t> blocks(const uint8_t *bytes, size_t size) const;
};

class OriginArgument {
 public:
  /* First step; undefined is no origin. */
  explicit OriginArgument(Napi::Value value);

  /* Second step. */
  Origin resolve();

 private:
  Origin origin_;
  Napi::Value bytes_;
};

}  // namespace hyperslab::addon
