/*
 * Lattices from JavaScript: items in memory along axes. arguments.h explains the two steps of
 * reading. Everything is checked here: the strides from resolve() stay within the bytes of the
 * lattice.
 */
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "addon/arguments.h"
#include "codec/strided_copy.h"

namespace hyperslab::addon {

class LatticeArgument {
 public:
  /* First step. The lattice must have `rank` axes. */
  LatticeArgument(Napi::Value lattice, const std::string &name, size_t rank);

  /* Second step. */
  Memory memory() const { return memory_of(bytes_); }

  /*
   * Second step, to be called once. Tables are copied if they share bytes with `written`, the
   * memory that the caller will write. The strides point into JavaScript's memory and into this
   * object.
   */
  void resolve(const std::vector<uint64_t> &count, size_t item_size,
               const std::vector<Memory> &written);

  /*
   * Results of resolve(): where element [0, …, 0] begins, in bytes, and the axes. Undefined if
   * `count` has a 0.
   */
  int64_t offset() const { return offset_; }
  const Stride &stride(size_t axis) const { return strides_[axis]; }

  /* After resolve(): throws a RangeError unless all items begin at multiples of their size. */
  void require_aligned(size_t item_size) const;

 private:
  const int32_t *resolve_table(size_t axis, uint64_t count, const std::vector<Memory> &written);

  Napi::Env env_;
  std::string name_;
  Napi::Value bytes_;
  int64_t offset_;
  std::vector<Stride> strides_;
  std::vector<Napi::Value> tables_; /* one for each axis, empty without a table; or none at all */
  std::vector<std::unique_ptr<int32_t[]>> copies_;
};

}  // namespace hyperslab::addon
