#include "addon/arguments.h"

#include <cmath>
#include <cstdio>

#include "codec/gather.h"

namespace hyperslab::addon {
namespace {

constexpr double max_safe_integer = 9007199254740991.0;

std::string describe(Napi::Value value) {
  switch (value.Type()) {
    case napi_undefined: return "undefined";
    case napi_null: return "null";
    case napi_number: {
      char text[32];
      std::snprintf(text, sizeof text, "%.17g", value.As<Napi::Number>().DoubleValue());
      return text;
    }
    case napi_boolean: return value.As<Napi::Boolean>().Value() ? "true" : "false";
    case napi_string: return "a string";
    case napi_bigint: return "a bigint";
    case napi_function: return "a function";
    case napi_symbol: return "a symbol";
    default: break;
  }
  if (value.IsArray()) return "an array of " + std::to_string(value.As<Napi::Array>().Length());
  return value.IsTypedArray() ? "a typed array of another kind" : "an object";
}

int64_t read_whole(Napi::Value value, const std::string &name, const char *what, double least) {
  if (!value.IsNumber()) throw Napi::TypeError::New(value.Env(), expected(what, name, value));
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= least && number <= max_safe_integer) || std::trunc(number) != number)
    throw Napi::RangeError::New(value.Env(), expected(what, name, value));
  return static_cast<int64_t>(number);
}

bool is_array_of(Napi::Value value, napi_typedarray_type type) {
  return value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == type;
}

}  // namespace

std::string expected(const std::string &what, const std::string &name, Napi::Value value) {
  return "Expected " + what + " for " + name + " but received " + describe(value);
}

int64_t read_integer(Napi::Value value, const std::string &name) {
  return read_whole(value, name, "a whole number", -max_safe_integer);
}

uint64_t read_size(Napi::Value value, const std::string &name) {
  return static_cast<uint64_t>(read_whole(value, name, "a whole number from 0 to 2^53 - 1", 0));
}

std::vector<uint64_t> read_sizes(Napi::Value value, const std::string &name, size_t rank) {
  if (!value.IsArray())
    throw Napi::TypeError::New(value.Env(), expected("an array of numbers", name, value));
  const Napi::Array array = value.As<Napi::Array>();
  const uint32_t length = array.Length();
  if (rank ? length != rank : length > max_rank)
    throw Napi::RangeError::New(value.Env(),
                                expected((rank ? std::to_string(rank) : std::string("at most 32")) +
                                             " numbers (one an axis)",
                                         name, value));
  std::vector<uint64_t> sizes(length);
  for (uint32_t d = 0; d < length; d++) {
    const Napi::HandleScope scope(value.Env());
    sizes[d] = read_size(array.Get(d), name + "[" + std::to_string(d) + "]");
  }
  return sizes;
}

bool read_flag(Napi::Value value, const std::string &name) {
  if (value.IsUndefined()) return false;
  if (!value.IsBoolean())
    throw Napi::TypeError::New(value.Env(), expected("a boolean", name, value));
  return value.As<Napi::Boolean>();
}

Napi::Object read_object(Napi::Value value, const std::string &name) {
  if (!value.IsObject())
    throw Napi::TypeError::New(value.Env(), expected("an object", name, value));
  return value.As<Napi::Object>();
}

void require_bytes(Napi::Value value, const std::string &name) {
  if (!is_array_of(value, napi_uint8_array))
    throw Napi::TypeError::New(value.Env(), expected("a Uint8Array", name, value));
}

void require_float64(Napi::Value value, const std::string &name) {
  if (!is_array_of(value, napi_float64_array))
    throw Napi::TypeError::New(value.Env(), expected("a Float64Array", name, value));
}

void require_int32(Napi::Value value, const std::string &name) {
  if (!is_array_of(value, napi_int32_array))
    throw Napi::TypeError::New(value.Env(), expected("an Int32Array", name, value));
}

Memory memory_of(Napi::Value array) {
  const Napi::Env env = array.Env();
  napi_typedarray_type type;
  size_t length = 0;
  void *data = nullptr;
  napi_value buffer = nullptr;
  bool ordinary = false;
  if (napi_get_typedarray_info(env, array, &type, &length, &data, &buffer, nullptr) != napi_ok ||
      napi_is_arraybuffer(env, buffer, &ordinary) != napi_ok)
    throw Napi::Error::New(env);
  const size_t item = array.As<Napi::TypedArray>().ElementSize();
  return {static_cast<const uint8_t *>(data), length * item, !ordinary};
}

bool overlap(const Memory &a, const Memory &b) {
  if (a.size == 0 || b.size == 0) return false;
  const auto begin = [](const Memory &memory) { return reinterpret_cast<uintptr_t>(memory.bytes); };
  return begin(a) < begin(b) + b.size && begin(b) < begin(a) + a.size;
}

}  // namespace hyperslab::addon
