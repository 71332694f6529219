#include "addon/datatype.h"

#include <cstring>

namespace hyperslab::addon {
namespace {

struct Number {
  const char *name;
  hid_t file;
  hid_t memory;
};

template <typename Visit>
bool find_number(Visit &&visit) {
  /* libhdf5's type names are variables that exist once the library is open. */
  const Number numbers[] = {
      {"int8", H5T_STD_I8LE, H5T_NATIVE_INT8},       {"uint8", H5T_STD_U8LE, H5T_NATIVE_UINT8},
      {"int16", H5T_STD_I16LE, H5T_NATIVE_INT16},    {"uint16", H5T_STD_U16LE, H5T_NATIVE_UINT16},
      {"int32", H5T_STD_I32LE, H5T_NATIVE_INT32},    {"uint32", H5T_STD_U32LE, H5T_NATIVE_UINT32},
      {"int64", H5T_STD_I64LE, H5T_NATIVE_INT64},    {"uint64", H5T_STD_U64LE, H5T_NATIVE_UINT64},
      {"float32", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT}, {"float64", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE},
  };
  for (const Number &number : numbers)
    if (visit(number)) return true;
  return false;
}

Id string_datatype() {
  Id type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

/* Booleans as h5py stores them. */
Id boolean_datatype() {
  Id type(H5Tenum_create(H5T_STD_I8LE));
  signed char value = 0;
  H5Tenum_insert(type, "FALSE", &value);
  value = 1;
  H5Tenum_insert(type, "TRUE", &value);
  return type;
}

bool is_boolean(hid_t type) {
  if (H5Tget_nmembers(type) != 2 || H5Tget_size(type) != 1 || H5Tget_precision(type) != 8)
    return false;
  for (unsigned i = 0; i < 2; i++) {
    char *name = H5Tget_member_name(type, i);
    signed char value = -1;
    H5Tget_member_value(type, i, &value);
    const bool known =
        name && !std::strcmp(name, value == 0 ? "FALSE" : "TRUE") && (value & ~1) == 0;
    H5free_memory(name);
    if (!known) return false;
  }
  return true;
}

std::string number_name(hid_t type) {
  const H5T_class_t type_class = H5Tget_class(type);
  const size_t size = H5Tget_size(type);
  if (type_class == H5T_FLOAT) {
    /* Float types of other layouts (bfloat16, extended) are of no use to a reader of float32. */
    const bool ieee =
        (size == 4 && (H5Tequal(type, H5T_IEEE_F32LE) > 0 || H5Tequal(type, H5T_IEEE_F32BE) > 0)) ||
        (size == 8 && (H5Tequal(type, H5T_IEEE_F64LE) > 0 || H5Tequal(type, H5T_IEEE_F64BE) > 0));
    return ieee ? "float" + std::to_string(size * 8) : "";
  }
  if (type_class != H5T_INTEGER || (size != 1 && size != 2 && size != 4 && size != 8)) return "";
  /*
   * Padding bits may hold anything (12 bits in 16), and a damaged file may name a byte order or a
   * sign that integers don't have.
   */
  const H5T_order_t order = H5Tget_order(type);
  const H5T_sign_t sign = H5Tget_sign(type);
  if (H5Tget_precision(type) != size * 8 || (order != H5T_ORDER_LE && order != H5T_ORDER_BE) ||
      (sign != H5T_SGN_NONE && sign != H5T_SGN_2))
    return "";
  return (sign == H5T_SGN_NONE ? "uint" : "int") + std::to_string(size * 8);
}

}  // namespace

Datatype describe_datatype(hid_t type) {
  Datatype result{Kind::unsupported, "unsupported", H5Tget_size(type), false, false};
  const H5T_class_t type_class = H5Tget_class(type);
  if (type_class == H5T_STRING) {
    result.kind = Kind::string;
    result.name = "string";
    result.fixed_string = H5Tis_variable_str(type) <= 0;
  } else if (type_class == H5T_ENUM && is_boolean(type)) {
    result.kind = Kind::boolean;
    result.name = "bool";
  } else if (type_class == H5T_REFERENCE && H5Tequal(type, H5T_STD_REF_OBJ) > 0) {
    result.kind = Kind::reference;
    result.name = "reference";
  } else if (const std::string name = number_name(type); !name.empty()) {
    result.kind = Kind::number;
    result.name = name;
    result.big_endian = result.size > 1 && H5Tget_order(type) == H5T_ORDER_BE;
  }
  return result;
}

Kind kind_of(Napi::Env env, const std::string &name) {
  if (name == "string") return Kind::string;
  if (name == "bool") return Kind::boolean;
  if (name == "reference") return Kind::reference;
  if (find_number([&](const Number &number) { return name == number.name; })) return Kind::number;
  throw Napi::TypeError::New(env,
                             "Expected a data type such as 'int16' but received '" + name + "'");
}

Id file_datatype(Napi::Env env, const std::string &name) {
  switch (kind_of(env, name)) {
    case Kind::string: return string_datatype();
    case Kind::boolean: return boolean_datatype();
    case Kind::reference: return Id(H5Tcopy(H5T_STD_REF_OBJ));
    default: {
      hid_t found = H5I_INVALID_HID;
      find_number([&](const Number &number) {
        if (name == number.name) found = H5Tcopy(number.file);
        return found >= 0;
      });
      return own(env, found, "H5Tcopy", name);
    }
  }
}

Id memory_datatype(Napi::Env env, const std::string &name) {
  if (kind_of(env, name) != Kind::number) return file_datatype(env, name);
  hid_t found = H5I_INVALID_HID;
  find_number([&](const Number &number) {
    if (name == number.name) found = H5Tcopy(number.memory);
    return found >= 0;
  });
  return own(env, found, "H5Tcopy", name);
}

}  // namespace hyperslab::addon
