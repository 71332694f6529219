/*
 * Includes Node-API for all files of the addon.
 *
 *  1. No C++ exception leaves a callback: others than Napi::Error become an Error with the same
 *     message.
 *  2. A worker that is being terminated takes no exceptions; they are dropped then.
 */
#pragma once

#define NODE_ADDON_API_CPP_EXCEPTIONS_ALL
#define NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
#include <napi.h>

#include <string>

namespace hyperslab::addon {

/*
 * A new ArrayBuffer, or a RangeError if memory is short. Node-API itself ends the process then, so
 * it is used for small buffers only.
 */
inline Napi::ArrayBuffer new_buffer(Napi::Env env, uint64_t size) {
  constexpr uint64_t small = 1 << 20;
  if (size <= small) return Napi::ArrayBuffer::New(env, static_cast<size_t>(size));
  const auto refuse = [&] {
    return Napi::RangeError::New(
        env, "Expected memory for " + std::to_string(size) + " bytes but there is not enough");
  };
  Napi::Value buffer;
  try {
    const Napi::Function type = env.Global().Get("ArrayBuffer").As<Napi::Function>();
    buffer = type.New({Napi::Number::New(env, static_cast<double>(size))});
  } catch (const Napi::Error &) {
    throw refuse();
  }
  if (!buffer.IsArrayBuffer() || buffer.As<Napi::ArrayBuffer>().ByteLength() != size)
    throw refuse();
  return buffer.As<Napi::ArrayBuffer>();
}

inline Napi::Uint8Array new_bytes(Napi::Env env, uint64_t size) {
  return Napi::Uint8Array::New(env, static_cast<size_t>(size), new_buffer(env, size), 0);
}

inline Napi::Float64Array new_numbers(Napi::Env env, uint64_t count) {
  const Napi::ArrayBuffer buffer = new_buffer(env, count * sizeof(double));
  return Napi::Float64Array::New(env, static_cast<size_t>(count), buffer, 0);
}

inline Napi::BigUint64Array new_big_numbers(Napi::Env env, uint64_t count) {
  const Napi::ArrayBuffer buffer = new_buffer(env, count * sizeof(uint64_t));
  return Napi::BigUint64Array::New(env, static_cast<size_t>(count), buffer, 0);
}

}  // namespace hyperslab::addon
