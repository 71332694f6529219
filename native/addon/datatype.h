/*
 * Converts between the names of data types in TypeScript (src/hdf5/value.ts) and libhdf5's types.
 */
#pragma once

#include <string>

#include "addon/library.h"

namespace hyperslab::addon {

enum class Kind { number, boolean, string, reference, unsupported };

/* A type in a file. */
struct Datatype {
  Kind kind = Kind::unsupported;
  std::string name;         /* 'int16', 'bool', 'string', 'reference' or 'unsupported' */
  size_t size = 0;          /* bytes of an item in the file */
  bool big_endian = false;  /* numbers only */
  bool fixed_string = false;
};

Datatype describe_datatype(hid_t type);

/*
 * The type with this name: as we store it (numbers little endian), and in memory. A TypeError for
 * an unknown name.
 */
Id file_datatype(Napi::Env env, const std::string &name);
Id memory_datatype(Napi::Env env, const std::string &name);
Kind kind_of(Napi::Env env, const std::string &name);

}  // namespace hyperslab::addon
