/*
 * Where memory was read from: { bytes, descriptor, position } in JavaScript. arguments.h explains
 * the two steps of reading.
 *
 *  1. JavaScript owns the descriptor, which must be open while the origin is used.
 *  2. The caller must make sure that the file still holds the same bytes.
 */
#pragma once

#include <cstdint>
#include <optional>

#include "addon/arguments.h"

namespace hyperslab::addon {

/* Memory with the bytes of a file from `position` on. */
struct Origin {
  int file = -1; /* none */
  uint64_t position = 0;
  Memory memory{nullptr, 0, false};

  /*
   * Where in the file these bytes of the memory lie; nothing if they are other memory, or not whole
   * blocks of HS_BLOCK in the file.
   */
  std::optional<uint64_t> blocks(const uint8_t *bytes, size_t size) const;
};

class OriginArgument {
 public:
  /* First step. undefined means that there is no origin. */
  explicit OriginArgument(Napi::Value value);

  /* Second step. */
  Origin resolve();

 private:
  Origin origin_;
  Napi::Value bytes_;
};

}  // namespace hyperslab::addon
