#include "addon/origin.h"

#include "driver/space.h"

namespace hyperslab::addon {

std::optional<uint64_t> Origin::blocks(const uint8_t *bytes, size_t size) const {
  if (file < 0 || size > memory.size) return std::nullopt;
  /* As numbers, since pointers into different memory must not be compared. */
  const auto begin = reinterpret_cast<uintptr_t>(memory.bytes);
  const auto at = reinterpret_cast<uintptr_t>(bytes);
  if (at < begin || at - begin > memory.size - size) return std::nullopt;
  const uint64_t from = position + (at - begin);
  if (from % HS_BLOCK != 0 || size % HS_BLOCK != 0) return std::nullopt;
  return from;
}

OriginArgument::OriginArgument(Napi::Value value) {
  if (value.IsUndefined()) return;
  const Napi::Object object = read_object(value, "origin");
  const uint64_t file = read_size(object.Get("descriptor"), "origin.descriptor");
  if (file > INT32_MAX)
    throw Napi::RangeError::New(value.Env(),
                                "Expected a file descriptor for origin.descriptor "
                                "but received " +
                                    std::to_string(file));
  origin_.file = static_cast<int>(file);
  origin_.position = read_size(object.Get("position"), "origin.position");
  bytes_ = object.Get("bytes");
  require_bytes(bytes_, "origin.bytes");
}

Origin OriginArgument::resolve() {
  if (origin_.file >= 0) origin_.memory = memory_of(bytes_);
  return origin_;
}

}  // namespace hyperslab::addon
