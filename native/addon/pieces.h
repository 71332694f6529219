/*
 * Pieces from JavaScript. arguments.h explains the two steps of reading. Everything is checked
 * here: the pieces from resolve() stay within their bytes.
 */
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "addon/arguments.h"
#include "codec/gather.h"

namespace hyperslab::addon {

class PieceArguments {
 public:
  /* First step. Every piece must have `rank` axes. */
  PieceArguments(Napi::Value pieces, size_t rank);

  /*
   * Second step, to be called once. The pieces point into JavaScript's memory and into this object.
   */
  std::vector<Piece> resolve(size_t item_size);

 private:
  struct Axis {
    uint64_t start;
    uint64_t count;
    int64_t step;
    Napi::Value table; /* empty if there is a step */
  };
  struct Argument {
    std::vector<Axis> axes;
    Napi::Value bytes;
    uint64_t offset;
    bool swap;
  };

  static Argument read(Napi::Value value, const std::string &name, size_t rank);
  /* Adds the offset of the axis's first element to `origin`. */
  PieceAxis resolve_axis(const Axis &axis, const std::string &name, int64_t &origin);

  Napi::Env env_;
  std::vector<Argument> arguments_;
  std::vector<std::unique_ptr<int32_t[]>> tables_; /* copies of shared tables */
};

}  // namespace hyperslab::addon
