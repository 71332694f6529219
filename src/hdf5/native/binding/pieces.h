/*
 * Arguments of the codec: numbers, bytes and pieces, as they come from JavaScript.
 *
 *  1. Reading happens in two steps, because a getter or a proxy may run JavaScript that closes or
 *     detaches anything. The first step takes all numbers and keeps handles of all arrays; the
 *     second looks at the arrays' memory and runs no JavaScript. Take the first step for every
 *     argument before the second for any.
 *  2. After the second step memory stays valid until the call returns to JavaScript.
 *  3. Everything is checked here: pieces that come out of resolve() stay within their bytes.
 *  4. A wrong type is thrown as TypeError, a wrong number as RangeError.
 */
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "binding/napi.h"
#include "codec/gather.h"

/* A whole number from 0 to 2^53 - 1. */
uint64_t read_size(Napi::Value value, const std::string &name);

/* An array of `rank` such numbers; of at most 32 when `rank` is 0. */
std::vector<uint64_t> read_sizes(Napi::Value value, const std::string &name, size_t rank = 0);

/* An object; a TypeError for anything else. */
Napi::Object read_object(Napi::Value value, const std::string &name);

struct Memory {
  const uint8_t *bytes;
  size_t size; /* bytes */
  bool shared; /* other threads may change it */
};

/* First step: is it such an array? Second step: memory_of(). */
void require_bytes(Napi::Value value, const std::string &name); /* a Uint8Array */
void require_int32(Napi::Value value, const std::string &name); /* an Int32Array */
void require_float64(Napi::Value value, const std::string &name); /* a Float64Array */
Memory memory_of(Napi::Value array); /* of a typed array of any kind */

class PieceArguments {
 public:
  /* First step. Every piece must have `rank` axes. */
  PieceArguments(Napi::Value pieces, size_t rank);

  /* Second step; call it once. The pieces point into JavaScript's memory and into this object. */
  std::vector<hyperslab::Piece> resolve(size_t item_size);

 private:
  struct Axis {
    uint64_t start;
    uint64_t count;
    int64_t step;
    Napi::Value table; /* empty where there is a step */
  };
  struct Argument {
    std::vector<Axis> axes;
    Napi::Value bytes;
    uint64_t offset;
    bool swap;
  };

  static Argument read(Napi::Value value, const std::string &name, size_t rank);
  /* Adds to `origin` what the axis moves the first element by. */
  hyperslab::PieceAxis resolve_axis(const Axis &axis, const std::string &name, int64_t &origin);

  Napi::Env env_;
  std::vector<Argument> arguments_;
  std::vector<std::unique_ptr<int32_t[]>> tables_; /* copies of shared ones */
};
