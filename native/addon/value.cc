#include "addon/value.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "addon/pieces.h"

namespace hyperslab::addon {
namespace {

constexpr uint64_t max_safe_integer = (uint64_t{1} << 53) - 1;

/* The most strings or references: larger JavaScript arrays would become hash tables. */
constexpr uint64_t max_texts = uint64_t{1} << 25;

[[noreturn]] void refuse(Napi::Env env, const std::string &message) {
  throw Napi::TypeError::New(env, message);
}

struct ArrayKind {
  const char *dtype;
  napi_typedarray_type type;
  const char *name;
};

constexpr ArrayKind array_kinds[] = {
    {"int8", napi_int8_array, "an Int8Array"},
    {"uint8", napi_uint8_array, "a Uint8Array"},
    {"int16", napi_int16_array, "an Int16Array"},
    {"uint16", napi_uint16_array, "a Uint16Array"},
    {"int32", napi_int32_array, "an Int32Array"},
    {"uint32", napi_uint32_array, "a Uint32Array"},
    {"int64", napi_bigint64_array, "a BigInt64Array"},
    {"uint64", napi_biguint64_array, "a BigUint64Array"},
    {"float32", napi_float32_array, "a Float32Array"},
    {"float64", napi_float64_array, "a Float64Array"},
    {"bool", napi_uint8_array, "a Uint8Array"},
};

/* Numbers of another type but the same size would be misread. */
void expect_array(Napi::Env env, const Napi::TypedArray &array, const std::string &dtype,
                  const std::string &path) {
  const auto kind = std::find_if(std::begin(array_kinds), std::end(array_kinds),
                                 [&](const ArrayKind &known) { return dtype == known.dtype; });
  if (kind != std::end(array_kinds) && array.TypedArrayType() != kind->type)
    refuse(env, std::string("Expected ") + kind->name + " for " + path + ", which is " + dtype +
                    ", but received an array of another type");
}

std::string reference_path(hid_t location, hobj_ref_t reference) {
  std::string name(256, '\0');
  const auto get = [&] {
    return H5Rget_name(location, H5R_OBJECT, &reference, name.data(), name.size());
  };
  ssize_t length = get();
  if (length >= static_cast<ssize_t>(name.size())) {
    name.resize(static_cast<size_t>(length) + 1);
    length = get();
  }
  name.resize(length > 0 ? static_cast<size_t>(length) : 0);
  return name;
}

/* Memory for libhdf5 to read into; a RangeError if memory is short. */
template <typename T>
std::vector<T> make_room(Napi::Env env, uint64_t count) {
  try {
    return std::vector<T>(count);
  } catch (const std::exception &) {
    throw Napi::RangeError::New(env, "Expected memory for " + std::to_string(count) + " times " +
                                         std::to_string(sizeof(T)) +
                                         " bytes but there is not enough");
  }
}

void expect_few(Napi::Env env, uint64_t items, const std::string &path) {
  if (items > max_texts)
    throw Napi::RangeError::New(env, "Expected at most " + std::to_string(max_texts) +
                                         " strings or references at once for " + path +
                                         " but received " + std::to_string(items));
}

/* Frees the strings that libhdf5 allocated, also after an exception. */
struct Strings {
  hid_t memory, space;
  std::vector<char *> texts;
  ~Strings() {
    if (!texts.empty()) H5Dvlen_reclaim(memory, space, H5P_DEFAULT, texts.data());
  }
};

Napi::Value read_strings(Napi::Env env, hid_t stored, bool fixed, uint64_t items,
                         const std::string &path, const std::function<void(hid_t, void *)> &read,
                         hid_t space) {
  expect_few(env, items, path);
  Napi::Array data = Napi::Array::New(env);
  if (fixed) {
    const size_t size = H5Tget_size(stored);
    std::vector<char> bytes = make_room<char>(env, size * items);
    const Id memory(H5Tcopy(stored));
    read(memory, bytes.data());
    const bool space_padded = H5Tget_strpad(stored) == H5T_STR_SPACEPAD;
    for (uint32_t i = 0; i < items; i++) {
      const Napi::HandleScope scope(env);
      const char *text = bytes.data() + i * size;
      size_t length = strnlen(text, size);
      while (space_padded && length > 0 && text[length - 1] == ' ') length--;
      data.Set(i, Napi::String::New(env, text, length));
    }
    return data;
  }
  Id memory(H5Tcopy(H5T_C_S1));
  H5Tset_size(memory, H5T_VARIABLE);
  H5Tset_cset(memory, H5Tget_cset(stored));
  Strings strings{memory, space, make_room<char *>(env, items)};
  read(memory, strings.texts.data());
  for (uint32_t i = 0; i < items; i++) {
    const Napi::HandleScope scope(env);
    data.Set(i, Napi::String::New(env, strings.texts[i] ? strings.texts[i] : ""));
  }
  return data;
}

}  // namespace

Dims to_dims(const Napi::Value &value, const char *what, bool unlimited) {
  const Napi::Env env = value.Env();
  if (!value.IsArray()) refuse(env, std::string("Expected an array of numbers for ") + what);
  const Napi::Array array = value.As<Napi::Array>();
  const uint32_t rank = array.Length();
  if (rank > H5S_MAX_RANK)
    refuse(env, std::string("Expected at most 32 axes for ") + what + " but received " +
                    std::to_string(rank));
  Dims dims;
  for (uint32_t i = 0; i < rank; i++) {
    const Napi::Value item = array.Get(i);
    if (unlimited && item.IsNull()) {
      dims.push_back(H5S_UNLIMITED);
      continue;
    }
    const double number = item.IsNumber() ? item.As<Napi::Number>().DoubleValue() : -1;
    if (!(number >= 0) || number > static_cast<double>(max_safe_integer) ||
        number != std::floor(number))
      refuse(env, std::string("Expected whole numbers for ") + what + " but received " +
                      item.ToString().Utf8Value());
    dims.push_back(static_cast<hsize_t>(number));
  }
  return dims;
}

Napi::Array from_dims(Napi::Env env, const Dims &dims) {
  Napi::Array array = Napi::Array::New(env, dims.size());
  for (uint32_t i = 0; i < dims.size(); i++) {
    if (dims[i] == H5S_UNLIMITED)
      array.Set(i, env.Null());
    else
      array.Set(i, to_number(env, dims[i]));
  }
  return array;
}

uint64_t count_items(Napi::Env env, const Dims &dims, const std::string &path) {
  uint64_t items = 1;
  bool fits = true;
  for (const hsize_t dim : dims) {
    if (dim == 0) return 0;
    fits = fits && dim <= max_safe_integer / items;
    if (fits) items *= dim;
  }
  if (!fits)
    throw Napi::RangeError::New(
        env, "Expected at most 2^53 - 1 items for " + path + " but received a shape of more");
  return items;
}

std::string to_text(const Napi::Value &value, const char *what) {
  if (!value.IsString()) refuse(value.Env(), std::string("Expected a string for ") + what);
  std::string text = value.As<Napi::String>().Utf8Value();
  if (text.find('\0') != std::string::npos)
    refuse(value.Env(), std::string("Expected no NUL character in ") + what);
  return text;
}

Id make_space(Napi::Env env, const Dims &dims, const std::string &path) {
  if (dims.empty()) return own(env, H5Screate(H5S_SCALAR), "H5Screate", path);
  count_items(env, dims, path);
  return own(env, H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr),
             "H5Screate_simple", path);
}

Dims space_dims(hid_t space) {
  if (H5Sget_simple_extent_type(space) == H5S_NULL) return {0};
  const int rank = H5Sget_simple_extent_ndims(space);
  Dims dims(rank > 0 ? static_cast<size_t>(rank) : 0);
  if (rank > 0) H5Sget_simple_extent_dims(space, dims.data(), nullptr);
  return dims;
}

Buffer::Buffer(Napi::Env env, hid_t location, const std::string &dtype, const Napi::Value &data,
               uint64_t items, const std::string &path)
    : type_(memory_datatype(env, dtype)) {
  const Kind kind = kind_of(env, dtype);
  const auto expect = [&](uint64_t received) {
    if (received != items)
      throw Napi::RangeError::New(env, "Expected " + std::to_string(items) + " items for " + path +
                                           " but received " + std::to_string(received));
  };
  if (kind == Kind::number || kind == Kind::boolean) {
    if (!data.IsTypedArray()) refuse(env, "Expected a typed array for " + path);
    const Napi::TypedArray array = data.As<Napi::TypedArray>();
    const size_t size = H5Tget_size(type_);
    if (array.ElementSize() != size)
      refuse(env, "Expected items of " + std::to_string(size) + " bytes for " + path +
                      " but received " + std::to_string(array.ElementSize()));
    expect_array(env, array, dtype, path);
    expect(array.ElementLength());
    bytes_ = memory_of(array).bytes;
    return;
  }
  if (!data.IsArray()) refuse(env, "Expected an array of strings for " + path);
  const Napi::Array array = data.As<Napi::Array>();
  expect(array.Length());
  /* Counted once: a getter may change the length, and libhdf5 relies on this number. */
  for (uint64_t i = 0; i < items; i++) {
    const Napi::HandleScope scope(env);
    texts_.push_back(to_text(array.Get(static_cast<uint32_t>(i)), path.c_str()));
  }
  if (kind == Kind::string) {
    for (const std::string &text : texts_) pointers_.push_back(text.c_str());
    bytes_ = pointers_.data();
    return;
  }
  for (const std::string &target : texts_) {
    hobj_ref_t reference = 0;
    check(env, H5Rcreate(&reference, location, target.c_str(), H5R_OBJECT, -1), "H5Rcreate",
          target);
    references_.push_back(reference);
  }
  bytes_ = references_.data();
}

Napi::Object read_value(Napi::Env env, hid_t location, hid_t type, const Dims &dims,
                        const std::string &path, const std::function<herr_t(hid_t, void *)> &read) {
  const Datatype datatype = describe_datatype(type);
  const uint64_t items = count_items(env, dims, path);
  const auto get = [&](hid_t memory, void *bytes) {
    check(env, read(memory, bytes), "H5Dread", path, location);
  };
  Napi::Object value = Napi::Object::New(env);
  value.Set("dtype", datatype.name);
  value.Set("shape", from_dims(env, dims));
  switch (datatype.kind) {
    case Kind::unsupported: fail(env, "H5Dread", path, "its data type can't be read by h5lib");
    case Kind::string:
      value.Set("data", read_strings(env, type, datatype.fixed_string, items, path, get,
                                     make_space(env, dims, path)));
      break;
    case Kind::reference: {
      expect_few(env, items, path);
      std::vector<hobj_ref_t> references = make_room<hobj_ref_t>(env, items);
      get(H5T_STD_REF_OBJ, references.data());
      Napi::Array paths = Napi::Array::New(env);
      for (uint32_t i = 0; i < items; i++) {
        const Napi::HandleScope scope(env);
        paths.Set(i, reference_path(location, references[i]));
      }
      value.Set("data", paths);
      break;
    }
    default: {
      const Id memory = memory_datatype(env, datatype.name);
      Napi::Uint8Array bytes = new_bytes(env, items * H5Tget_size(memory));
      get(memory, bytes.Data());
      value.Set("data", bytes);
    }
  }
  return value;
}

}  // namespace hyperslab::addon
