/*
 * Converts between JavaScript's values ({ dtype, shape, data }, src/hdf5/value.ts) and libhdf5's
 * memory.
 */
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "addon/datatype.h"

namespace hyperslab::addon {

using Dims = std::vector<hsize_t>;

/*
 * Reads an array of whole numbers as dimensions; TypeErrors name `what`. `null` elements (allowed
 * where `unlimited`) become H5S_UNLIMITED.
 */
Dims to_dims(const Napi::Value &value, const char *what, bool unlimited = false);
Napi::Array from_dims(Napi::Env env, const Dims &dims);

/* The product of dimensions; a RangeError above 2^53 - 1. */
uint64_t count_items(Napi::Env env, const Dims &dims, const std::string &path);

/* Reads text; a TypeError names `what`. */
std::string to_text(const Napi::Value &value, const char *what);

/* A dataspace with these dimensions; scalar if there are none. */
Id make_space(Napi::Env env, const Dims &dims, const std::string &path);
Dims space_dims(hid_t space);

/*
 * The data of a value as libhdf5 reads it. Owns copies of strings and references, but points into
 * the caller's typed array for numbers, so the value must outlive it.
 */
class Buffer {
 public:
  /*
   * The paths of references are looked up at `location`. The value must have `items` items.
   */
  Buffer(Napi::Env env, hid_t location, const std::string &dtype, const Napi::Value &data,
         uint64_t items, const std::string &path);
  const void *bytes() const { return bytes_; }
  hid_t type() const { return type_; }

 private:
  Id type_;
  const void *bytes_ = nullptr;
  std::vector<std::string> texts_;
  std::vector<const char *> pointers_;
  std::vector<hobj_ref_t> references_;
};

/*
 * Reads `dims` items of stored type `type` with `read(memory type, bytes)` into a JavaScript value.
 * `location` is any object of the file, to resolve references.
 */
Napi::Object read_value(Napi::Env env, hid_t location, hid_t type, const Dims &dims,
                        const std::string &path,
                        const std::function<herr_t(hid_t memory, void *bytes)> &read);

}  // namespace hyperslab::addon
