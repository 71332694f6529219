#include "addon/lattice.h"

#include <algorithm>
#include <cstring>

namespace hyperslab::addon {
namespace {

std::string indexed(const std::string &name, size_t index) {
  return name + "[" + std::to_string(index) + "]";
}

Napi::Array read_axes(Napi::Value value, const std::string &name, size_t rank) {
  if (!value.IsArray()) throw Napi::TypeError::New(value.Env(), expected("an array", name, value));
  const Napi::Array array = value.As<Napi::Array>();
  if (array.Length() != rank)
    throw Napi::RangeError::New(
        value.Env(), expected(std::to_string(rank) + " elements (one an axis)", name, value));
  return array;
}

}  // namespace

LatticeArgument::LatticeArgument(Napi::Value lattice, const std::string &name, size_t rank)
    : env_(lattice.Env()), name_(name) {
  const Napi::Object object = read_object(lattice, name);
  bytes_ = object.Get("bytes");
  require_bytes(bytes_, name + ".bytes");
  offset_ = static_cast<int64_t>(read_size(object.Get("offset"), name + ".offset"));
  const Napi::Array steps = read_axes(object.Get("steps"), name + ".steps", rank);
  for (uint32_t d = 0; d < rank; d++)
    strides_.emplace_back(read_integer(steps.Get(d), indexed(name + ".steps", d)));
  const Napi::Value given = object.Get("tables");
  if (given.IsUndefined()) return;
  const Napi::Array tables = read_axes(given, name + ".tables", rank);
  for (uint32_t d = 0; d < rank; d++) {
    const Napi::Value table = tables.Get(d);
    if (!table.IsNull()) require_int32(table, indexed(name + ".tables", d));
    tables_.push_back(table.IsNull() ? Napi::Value() : table);
  }
}

const int32_t *LatticeArgument::resolve_table(size_t axis, uint64_t count,
                                              const std::vector<Memory> &written) {
  const std::string name = indexed(name_ + ".tables", axis);
  const Memory memory = memory_of(tables_[axis]);
  const size_t length = memory.size / sizeof(int32_t);
  if (length != count)
    throw Napi::RangeError::New(env_, "Expected " + std::to_string(count) + " indexes for " + name +
                                          " but received " + std::to_string(length));
  const int32_t *table = reinterpret_cast<const int32_t *>(memory.bytes);
  const auto changes = [&](const Memory &other) { return overlap(memory, other); };
  if (memory.shared || std::any_of(written.begin(), written.end(), changes)) {
    /* Tables that may still change must not be checked here and used later. */
    copies_.emplace_back(new int32_t[length]);
    std::copy_n(table, length, copies_.back().get());
    table = copies_.back().get();
  }
  const auto negative =
      std::find_if(table, table + length, [](int32_t index) { return index < 0; });
  if (negative != table + length)
    throw Napi::RangeError::New(env_, "Expected indexes of at least 0 for " + name +
                                          " but received " + std::to_string(*negative));
  return table;
}

void LatticeArgument::resolve(const std::vector<uint64_t> &count, size_t item_size,
                              const std::vector<Memory> &written) {
  for (size_t d = 0; d < tables_.size(); d++)
    if (!tables_[d].IsEmpty()) strides_[d].table = resolve_table(d, count[d], written);
  if (std::find(count.begin(), count.end(), 0) != count.end()) return;
  int64_t low = offset_, high = offset_;
  bool fits = true;
  for (size_t d = 0; d < count.size(); d++) fits = fits && reach(strides_[d], count[d], low, high);
  const uint64_t size = memory().size;
  if (!fits || low < 0 || size < item_size || high > static_cast<int64_t>(size - item_size))
    throw Napi::RangeError::New(
        env_, "Expected every element of " + name_ + " to lie within its " + std::to_string(size) +
                  " bytes but received an offset, steps or tables that lead out of them");
  for (size_t d = 0; d < count.size(); d++) strides_[d] = untabled(strides_[d], count[d], offset_);
}

void LatticeArgument::require_aligned(size_t item_size) const {
  const int64_t item = static_cast<int64_t>(item_size);
  const auto refuse = [&](const std::string &name, int64_t received) {
    throw Napi::RangeError::New(env_, "Expected a multiple of " + std::to_string(item) + " for " +
                                          name + " but received " + std::to_string(received));
  };
  if (offset_ % item != 0) refuse(name_ + ".offset", offset_);
  for (size_t d = 0; d < strides_.size(); d++)
    if (strides_[d].step % item != 0) refuse(indexed(name_ + ".steps", d), strides_[d].step);
}

}  // namespace hyperslab::addon
