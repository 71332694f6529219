#include "binding/value.h"

#include <cmath>
#include <cstring>

namespace {

uint64_t product(const Dims &dims) {
  uint64_t items = 1;
  for (const hsize_t dim : dims) items *= dim;
  return items;
}

[[noreturn]] void refuse(Napi::Env env, const std::string &message) {
  throw Napi::TypeError::New(env, message);
}

/* A fresh ArrayBuffer's view; TypeScript turns the bytes into the typed array of the type. */
Napi::Uint8Array new_bytes(Napi::Env env, uint64_t size) {
  return Napi::Uint8Array::New(env, static_cast<size_t>(size));
}

std::string reference_path(hid_t location, hobj_ref_t reference) {
  char name[4096];
  const ssize_t length = H5Rget_name(location, H5R_OBJECT, &reference, name, sizeof name);
  return length > 0 ? std::string(name) : std::string();
}

Napi::Value read_strings(Napi::Env env, hid_t stored, bool fixed, uint64_t items,
                         const std::string &path,
                         const std::function<herr_t(hid_t, void *)> &read, hid_t space) {
  Napi::Array data = Napi::Array::New(env, static_cast<size_t>(items));
  if (fixed) {
    const size_t size = H5Tget_size(stored);
    std::vector<char> bytes(size * items);
    const Id memory(H5Tcopy(stored));
    check(env, read(memory, bytes.data()), "H5Dread", path);
    const bool space_padded = H5Tget_strpad(stored) == H5T_STR_SPACEPAD;
    for (uint32_t i = 0; i < items; i++) {
      const char *text = bytes.data() + i * size;
      size_t length = strnlen(text, size);
      while (space_padded && length > 0 && text[length - 1] == ' ') length--;
      data.Set(i, Napi::String::New(env, text, length));
    }
    return data;
  }
  std::vector<char *> texts(items, nullptr);
  Id memory(H5Tcopy(H5T_C_S1));
  H5Tset_size(memory, H5T_VARIABLE);
  H5Tset_cset(memory, H5Tget_cset(stored));
  check(env, read(memory, texts.data()), "H5Dread", path);
  for (uint32_t i = 0; i < items; i++)
    data.Set(i, Napi::String::New(env, texts[i] ? texts[i] : ""));
  if (items > 0) H5Dvlen_reclaim(memory, space, H5P_DEFAULT, texts.data());
  return data;
}

}  // namespace

Dims to_dims(const Napi::Value &value, const char *what, bool unlimited) {
  const Napi::Env env = value.Env();
  if (!value.IsArray()) refuse(env, std::string("Expected an array of numbers for ") + what);
  const Napi::Array array = value.As<Napi::Array>();
  if (array.Length() > H5S_MAX_RANK)
    refuse(env, std::string("Expected at most 32 axes for ") + what + " but received " +
                    std::to_string(array.Length()));
  Dims dims;
  for (uint32_t i = 0; i < array.Length(); i++) {
    const Napi::Value item = array.Get(i);
    if (unlimited && item.IsNull()) {
      dims.push_back(H5S_UNLIMITED);
      continue;
    }
    const double number = item.IsNumber() ? item.As<Napi::Number>().DoubleValue() : -1;
    if (!(number >= 0) || number > 9007199254740991.0 || number != std::floor(number))
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

std::string to_text(const Napi::Value &value, const char *what) {
  if (!value.IsString()) refuse(value.Env(), std::string("Expected a string for ") + what);
  std::string text = value.As<Napi::String>().Utf8Value();
  if (text.find('\0') != std::string::npos)
    refuse(value.Env(), std::string("Expected no NUL character in ") + what);
  return text;
}

Id make_space(Napi::Env env, const Dims &dims, const std::string &path) {
  if (dims.empty()) return own(env, H5Screate(H5S_SCALAR), "H5Screate", path);
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
    expect(array.ElementLength());
    bytes_ = static_cast<const char *>(array.ArrayBuffer().Data()) + array.ByteOffset();
    return;
  }
  if (!data.IsArray()) refuse(env, "Expected an array of strings for " + path);
  const Napi::Array array = data.As<Napi::Array>();
  expect(array.Length());
  for (uint32_t i = 0; i < array.Length(); i++)
    texts_.push_back(to_text(array.Get(i), path.c_str()));
  if (kind == Kind::string) {
    for (const std::string &text : texts_) pointers_.push_back(text.c_str());
    bytes_ = pointers_.data();
    return;
  }
  for (const std::string &target : texts_) {
    hobj_ref_t reference = 0;
    check(env, H5Rcreate(&reference, location, target.c_str(), H5R_OBJECT, -1), "H5Rcreate", target);
    references_.push_back(reference);
  }
  bytes_ = references_.data();
}

Napi::Object read_value(Napi::Env env, hid_t location, hid_t type, const Dims &dims,
                        const std::string &path,
                        const std::function<herr_t(hid_t, void *)> &read) {
  const Datatype datatype = describe_datatype(type);
  const uint64_t items = product(dims);
  Napi::Object value = Napi::Object::New(env);
  value.Set("dtype", datatype.name);
  value.Set("shape", from_dims(env, dims));
  switch (datatype.kind) {
    case Kind::unsupported:
      fail(env, "H5Dread", path, "its data type can't be read by h5lib");
    case Kind::string:
      value.Set("data", read_strings(env, type, datatype.fixed_string, items, path, read,
                                     make_space(env, dims, path)));
      break;
    case Kind::reference: {
      std::vector<hobj_ref_t> references(items);
      check(env, read(H5T_STD_REF_OBJ, references.data()), "H5Dread", path);
      Napi::Array paths = Napi::Array::New(env, items);
      for (uint32_t i = 0; i < items; i++)
        paths.Set(i, reference_path(location, references[i]));
      value.Set("data", paths);
      break;
    }
    default: {
      const Id memory = memory_datatype(env, datatype.name);
      Napi::Uint8Array bytes = new_bytes(env, items * H5Tget_size(memory));
      check(env, read(memory, bytes.Data()), "H5Dread", path);
      value.Set("data", bytes);
    }
  }
  return value;
}
