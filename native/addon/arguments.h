/*
 * Arguments from JavaScript: numbers, flags and arrays of bytes.
 *
 *  1. Reading happens in two steps, because a getter or a proxy may run JavaScript that closes or
 *     detaches anything. The first step reads all numbers and keeps handles of all arrays. The
 *     second looks at the memory of the arrays and runs no JavaScript. Finish the first step for
 *     all arguments before the second for any.
 *  2. After the second step, memory stays valid until the call returns to JavaScript.
 *  3. A wrong type throws a TypeError, a wrong number a RangeError.
 */
#pragma once

#include <string>
#include <vector>

#include "addon/napi.h"

namespace hyperslab::addon {

/* "Expected `what` for `name` but received …" */
std::string expected(const std::string &what, const std::string &name, Napi::Value value);

/* A whole number from -(2^53 - 1) to 2^53 - 1. */
int64_t read_integer(Napi::Value value, const std::string &name);

/* A whole number from 0 to 2^53 - 1. */
uint64_t read_size(Napi::Value value, const std::string &name);

/* An array of `rank` whole numbers from 0 to 2^53 - 1; of at most 32 if `rank` is 0. */
std::vector<uint64_t> read_sizes(Napi::Value value, const std::string &name, size_t rank = 0);

/* A boolean; undefined counts as false. */
bool read_flag(Napi::Value value, const std::string &name);

/* An object. */
Napi::Object read_object(Napi::Value value, const std::string &name);

struct Memory {
  const uint8_t *bytes;
  size_t size; /* bytes */
  bool shared; /* other threads may change it */
};

/* First step: throws a TypeError unless it is such an array. Second step: memory_of(). */
void require_bytes(Napi::Value value, const std::string &name); /* a Uint8Array */
void require_int32(Napi::Value value, const std::string &name); /* an Int32Array */
void require_float64(Napi::Value value, const std::string &name); /* a Float64Array */
Memory memory_of(Napi::Value array); /* of a typed array of any kind */

/* Whether the two have a byte in common. */
bool overlap(const Memory &a, const Memory &b);

}  // namespace hyperslab::addon
