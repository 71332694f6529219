#include "addon/copy.h"

#include <algorithm>
#include <cstdlib>

#include "addon/codec.h"
#include "addon/lattice.h"
#include "codec/coverage.h"
#include "codec/fill.h"

namespace hyperslab::addon {
namespace {

uint8_t *to_write(const Memory &memory) { return const_cast<uint8_t *>(memory.bytes); }

void require_apart(Napi::Env env, const Memory &a, const Memory &b, const std::string &names) {
  if (overlap(a, b))
    throw Napi::RangeError::New(env, "Expected memory that does not overlap for " + names +
                                         " but received memory that does");
}

/* An item size: at least 1; one that a processor can reverse if `swap` is set. */
uint64_t read_item_size(Napi::Value value, bool swap) {
  const uint64_t size = read_size(value, "itemSize");
  const bool fits = swap ? size == 1 || size == 2 || size == 4 || size == 8 : size > 0;
  if (!fits)
    throw Napi::RangeError::New(
        value.Env(),
        expected(swap ? "1, 2, 4 or 8 bytes, since items are swapped," : "at least 1 byte",
                 "itemSize", value));
  return size;
}

/* The number of items. Items of a lattice do not overlap, so more than fit are an error. */
uint64_t count_items(Napi::Env env, const std::vector<uint64_t> &count, uint64_t room) {
  uint64_t items = 1;
  bool fits = true;
  for (const uint64_t n : count) fits = !__builtin_mul_overflow(items, n, &items) && fits;
  for (const uint64_t n : count)
    if (n == 0) return 0;
  if (!fits || items > room)
    throw Napi::RangeError::New(
        env, "Expected at most " + std::to_string(room) +
                 " items, which is what to.bytes holds, for count but received more");
  return items;
}

void require_bitmap(Napi::Env env, const Memory &covered, uint64_t items) {
  if (covered.shared)
    throw Napi::TypeError::New(
        env, "Expected memory that is not shared for covered but received memory that is");
  const uint64_t bytes = items / 8 + (items % 8 != 0);
  if (covered.size < bytes)
    throw Napi::RangeError::New(env, "Expected at least " + std::to_string(bytes) +
                                         " bytes (a bit for each of the " + std::to_string(items) +
                                         " items of to) for covered but received " +
                                         std::to_string(covered.size));
}

uint64_t set_covered(const Memory &covered, const LatticeArgument &to,
                     const std::vector<uint64_t> &count, size_t item_size) {
  const int64_t item = static_cast<int64_t>(item_size);
  CoveredAxis axes[max_rank];
  for (size_t d = 0; d < count.size(); d++)
    axes[d] = {count[d], {to.stride(d).step / item, to.stride(d).table}};
  return cover(to_write(covered), to.offset() / item, axes, count.size());
}

/* Axes with the shortest steps of `to` first, as a copy is fastest. */
StridedCopy plan_copy(const LatticeArgument &from, const LatticeArgument &to,
                      const std::vector<uint64_t> &count, size_t item_size) {
  size_t order[max_rank];
  for (size_t k = 0; k < count.size(); k++) order[k] = count.size() - 1 - k;
  std::stable_sort(order, order + count.size(), [&](size_t a, size_t b) {
    return std::abs(to.stride(a).step) < std::abs(to.stride(b).step);
  });
  StridedCopy copy(item_size);
  for (size_t k = 0; k < count.size(); k++)
    copy.add_axis(count[order[k]], from.stride(order[k]), to.stride(order[k]));
  return copy;
}

Napi::Value copy_items(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  return guard(env, [&]() -> Napi::Value {
    const std::vector<uint64_t> count = read_sizes(info[2], "count");
    LatticeArgument from(info[0], "from", count.size());
    LatticeArgument to(info[1], "to", count.size());
    const bool swap = read_flag(info[4], "options.swap");
    const uint64_t item_size = read_item_size(info[3], swap);
    const bool covers = !info[5].IsUndefined();
    if (covers) require_bytes(info[5], "options.covered");

    const Memory read = from.memory(), written = to.memory();
    const Memory covered = covers ? memory_of(info[5]) : Memory{nullptr, 0, false};
    require_apart(env, read, written, "from and to");
    require_apart(env, read, covered, "from and covered");
    require_apart(env, written, covered, "to and covered");
    if (covers) require_bitmap(env, covered, written.size / item_size);
    from.resolve(count, item_size, {written, covered});
    to.resolve(count, item_size, {written, covered});
    if (covers) to.require_aligned(item_size);
    const uint64_t items = count_items(env, count, written.size / item_size);
    if (items == 0) return Napi::Number::New(env, 0);

    plan_copy(from, to, count, item_size)
        .run(read.bytes + from.offset(), to_write(written) + to.offset(), swap);
    const uint64_t fresh = covers ? set_covered(covered, to, count, item_size) : items;
    return Napi::Number::New(env, static_cast<double>(fresh));
  });
}

/* Bytes, and a copy of the item, as the item may lie in them. */
struct FillArguments {
  Memory bytes;
  std::vector<uint8_t> item;

  explicit FillArguments(const Napi::CallbackInfo &info) {
    require_bytes(info[0], "bytes");
    require_bytes(info[1], "item");
    bytes = memory_of(info[0]);
    const Memory value = memory_of(info[1]);
    item.assign(value.bytes, value.bytes + value.size);
    if (item.empty() || bytes.size % item.size() != 0)
      throw Napi::RangeError::New(
          info.Env(), "Expected whole items of " + std::to_string(item.size()) +
                          " bytes for bytes but received " + std::to_string(bytes.size) + " bytes");
  }
};

void fill_items(const Napi::CallbackInfo &info) {
  guard(info.Env(), [&] {
    const bool covers = !info[2].IsUndefined();
    if (covers) require_bytes(info[2], "covered");
    const FillArguments fill(info);
    uint8_t *out = to_write(fill.bytes);
    const size_t item_size = fill.item.size();
    if (!covers) return hyperslab::fill_items(out, fill.bytes.size, fill.item.data(), item_size);
    const Memory covered = memory_of(info[2]);
    require_apart(info.Env(), fill.bytes, covered, "bytes and covered");
    require_bitmap(info.Env(), covered, fill.bytes.size / item_size);
    hyperslab::fill_uncovered(out, fill.bytes.size / item_size, covered.bytes, fill.item.data(),
                              item_size);
  });
}

Napi::Value is_filled(const Napi::CallbackInfo &info) {
  return guard(info.Env(), [&]() -> Napi::Value {
    const FillArguments fill(info);
    return Napi::Boolean::New(info.Env(), hyperslab::is_filled(fill.bytes.bytes, fill.bytes.size,
                                                               fill.item.data(), fill.item.size()));
  });
}

}  // namespace

void init_copy(Napi::Env env, Napi::Object exports) {
  exports.Set("copyItems", Napi::Function::New(env, copy_items, "copyItems"));
  exports.Set("fillItems", Napi::Function::New(env, fill_items, "fillItems"));
  exports.Set("isFilled", Napi::Function::New(env, is_filled, "isFilled"));
}

}  // namespace hyperslab::addon
