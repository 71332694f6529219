#include "binding/pieces.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

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

std::string expected(const std::string &what, const std::string &name, Napi::Value value) {
  return "Expected " + what + " for " + name + " but received " + describe(value);
}

int64_t read_integer(Napi::Value value, const std::string &name, const char *what, double least) {
  if (!value.IsNumber()) throw Napi::TypeError::New(value.Env(), expected(what, name, value));
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= least && number <= max_safe_integer) || std::trunc(number) != number)
    throw Napi::RangeError::New(value.Env(), expected(what, name, value));
  return static_cast<int64_t>(number);
}

bool is_array_of(Napi::Value value, napi_typedarray_type type) {
  return value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == type;
}

/* Widens the range of offsets by what an axis adds; false where that overflows. */
bool widen(const hyperslab::PieceAxis &axis, int64_t &low, int64_t &high) {
  int64_t least, most;
  if (axis.table) {
    const auto range = std::minmax_element(axis.table, axis.table + axis.count);
    least = *range.first;
    most = *range.second;
  } else {
    int64_t span;
    if (__builtin_mul_overflow(axis.step, static_cast<int64_t>(axis.count - 1), &span))
      return false;
    least = std::min<int64_t>(span, 0);
    most = std::max<int64_t>(span, 0);
  }
  return !__builtin_add_overflow(low, least, &low) && !__builtin_add_overflow(high, most, &high);
}

bool is_even(const int32_t *table, uint64_t count) {
  if (count < 2) return false;
  const int64_t step = static_cast<int64_t>(table[1]) - table[0];
  for (uint64_t i = 2; i < count; i++)
    if (table[i] != table[i - 1] + step) return false;
  return true;
}

}  // namespace

uint64_t read_size(Napi::Value value, const std::string &name) {
  return static_cast<uint64_t>(read_integer(value, name, "a whole number from 0 to 2^53 - 1", 0));
}

std::vector<uint64_t> read_sizes(Napi::Value value, const std::string &name, size_t rank) {
  if (!value.IsArray())
    throw Napi::TypeError::New(value.Env(), expected("an array of numbers", name, value));
  const Napi::Array array = value.As<Napi::Array>();
  const uint32_t length = array.Length();
  if (rank ? length != rank : length > hyperslab::max_rank)
    throw Napi::RangeError::New(
        value.Env(), expected((rank ? std::to_string(rank) : std::string("at most 32")) +
                                  " numbers (one an axis)",
                              name, value));
  std::vector<uint64_t> sizes(length);
  for (uint32_t d = 0; d < length; d++) {
    const Napi::HandleScope scope(value.Env());
    sizes[d] = read_size(array.Get(d), name + "[" + std::to_string(d) + "]");
  }
  return sizes;
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

PieceArguments::PieceArguments(Napi::Value pieces, size_t rank) : env_(pieces.Env()) {
  if (!pieces.IsArray())
    throw Napi::TypeError::New(env_, expected("an array", "pieces", pieces));
  const Napi::Array array = pieces.As<Napi::Array>();
  const uint32_t length = array.Length();
  for (uint32_t k = 0; k < length; k++)
    arguments_.push_back(read(array.Get(k), "pieces[" + std::to_string(k) + "]", rank));
}

PieceArguments::Argument PieceArguments::read(Napi::Value value, const std::string &name,
                                              size_t rank) {
  const Napi::Object piece = read_object(value, name);
  Argument argument;
  const std::vector<uint64_t> start = read_sizes(piece.Get("start"), name + ".start", rank);
  const std::vector<uint64_t> count = read_sizes(piece.Get("count"), name + ".count", rank);
  argument.offset = read_size(piece.Get("offset"), name + ".offset");
  argument.swap = piece.Get("swap").ToBoolean();
  argument.bytes = piece.Get("bytes");
  require_bytes(argument.bytes, name + ".bytes");
  const Napi::Value steps = piece.Get("steps");
  if (!steps.IsArray() || steps.As<Napi::Array>().Length() != rank)
    throw Napi::TypeError::New(
        value.Env(), expected("one step or table an axis, " + std::to_string(rank) + " in all,",
                              name + ".steps", steps));
  for (uint32_t d = 0; d < rank; d++) {
    const std::string axis = name + ".steps[" + std::to_string(d) + "]";
    const Napi::Value step = steps.As<Napi::Array>().Get(d);
    if (step.IsNumber()) {
      argument.axes.push_back({start[d], count[d],
                               read_integer(step, axis, "a whole number", -max_safe_integer),
                               Napi::Value()});
    } else {
      require_int32(step, axis);
      argument.axes.push_back({start[d], count[d], 0, step});
    }
  }
  return argument;
}

hyperslab::PieceAxis PieceArguments::resolve_axis(const Axis &axis, const std::string &name,
                                                  int64_t &origin) {
  if (axis.table.IsEmpty()) return {axis.start, axis.count, axis.step, nullptr};
  const Memory memory = memory_of(axis.table);
  const size_t length = memory.size / sizeof(int32_t);
  if (length != axis.count)
    throw Napi::RangeError::New(env_, "Expected " + std::to_string(axis.count) + " offsets for " +
                                          name + " but received " + std::to_string(length));
  const int32_t *table = reinterpret_cast<const int32_t *>(memory.bytes);
  if (memory.shared && length > 0) {
    /* What another thread can still change must not be checked here and used later. */
    tables_.emplace_back(new int32_t[length]);
    std::memcpy(tables_.back().get(), table, memory.size);
    table = tables_.back().get();
  }
  if (!is_even(table, axis.count)) return {axis.start, axis.count, 0, table};
  /* Evenly spaced offsets are a step in disguise, and steps are copied in longer runs. */
  origin += table[0];
  return {axis.start, axis.count, static_cast<int64_t>(table[1]) - table[0], nullptr};
}

std::vector<hyperslab::Piece> PieceArguments::resolve(size_t item_size) {
  const bool swappable = item_size == 1 || item_size == 2 || item_size == 4 || item_size == 8;
  std::vector<hyperslab::Piece> pieces;
  pieces.reserve(arguments_.size());
  for (size_t k = 0; k < arguments_.size(); k++) {
    const Argument &argument = arguments_[k];
    const std::string name = "pieces[" + std::to_string(k) + "]";
    if (argument.swap && !swappable)
      throw Napi::RangeError::New(env_, "Expected items of 1, 2, 4 or 8 bytes for " + name +
                                            ", which is big endian, but received " +
                                            std::to_string(item_size));
    const Memory memory = memory_of(argument.bytes);
    hyperslab::Piece piece{nullptr, {}, argument.swap, memory.shared};
    int64_t origin = static_cast<int64_t>(argument.offset);
    bool empty = false;
    for (size_t d = 0; d < argument.axes.size(); d++) {
      piece.axes.push_back(
          resolve_axis(argument.axes[d], name + ".steps[" + std::to_string(d) + "]", origin));
      empty = empty || piece.axes[d].count == 0;
    }
    if (empty) continue;
    int64_t low = origin, high = origin;
    bool fits = true;
    for (const hyperslab::PieceAxis &axis : piece.axes) fits = fits && widen(axis, low, high);
    const int64_t last = static_cast<int64_t>(memory.size) - static_cast<int64_t>(item_size);
    if (!fits || low < 0 || high > last)
      throw Napi::RangeError::New(
          env_, "Expected every element of " + name + " to lie within its " +
                    std::to_string(memory.size) +
                    " bytes but received an offset or steps that lead out of them");
    piece.origin = memory.bytes + origin;
    pieces.push_back(std::move(piece));
  }
  return pieces;
}
