/* The names of data types, as TypeScript knows them (src/hdf5/value.ts), and libhdf5's types. */
#pragma once

#include <string>

#include "addon/library.h"

namespace hyperslab::addon {

enum class Kind { number, boolean, string, reference, unsupported };

/* What a type of a file is to us. */
struct Datatype {
  Kind kind = Kind::unsupported;
  std::string name;         /* 'int16', 'bool', 'string', 'reference' or 'unsupported' */
  size_t size = 0;          /* bytes of an item in the file */
  bool big_endian = false;  /* numbers only */
  bool fixed_string = false;
};

Datatype describe_datatype(hid_t type);

/* The type by name: as stored by us (numbers little endian), and as held in memory.
 * TypeErrors name what is not a type. */
Id file_datatype(Napi::Env env, const std::string &name);
Id memory_datatype(Napi::Env env, const std::string &name);
Kind kind_of(Napi::Env env, const std::string &name);

}  // namespace hyperslab::addon
