#include "addon/attribute.h"

#include <algorithm>

#include "addon/arguments.h"
#include "addon/handle.h"
#include "addon/value.h"

namespace hyperslab::addon {
namespace {

std::string label(const Handle &object, const std::string &name) {
  return object.path() + "@" + name;
}

/* An unused name as long as `name`, so that it takes the same room. */
std::string unused_name(Napi::Env env, hid_t id, const std::string &name, const std::string &path) {
  std::string other = name;
  for (unsigned char c = 1;; c++) {
    other.back() = static_cast<char>(c);
    if (check(env, H5Aexists(id, other.c_str()), "H5Aexists", path) == 0) return other;
  }
}

/*
 * libhdf5 stores the length in 16 bits, without a check.
 */
constexpr size_t max_name = 65534;

/* writeAttribute(object, name, dtype, shape, data): creates or replaces it. */
Napi::Value write_attribute(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &object = Handle::of(info[0]);
  const std::string name = to_text(info[1], "the name of an attribute");
  if (name.size() > max_name)
    throw Napi::RangeError::New(env, "Expected at most " + std::to_string(max_name) +
                                         " bytes for the name of an attribute but received " +
                                         std::to_string(name.size()));
  const std::string dtype = to_text(info[2], "a data type");
  const Dims dims = to_dims(info[3], "a shape");
  const std::string path = label(object, name);
  const hid_t id = object.id(env, "H5Acreate2");
  const Id space = make_space(env, dims, path);
  const auto items = static_cast<uint64_t>(H5Sget_simple_extent_npoints(space));
  const Buffer buffer(env, id, dtype, info[4], items, path);
  const Id type = file_datatype(env, dtype);
  const auto put = [&](const std::string &as) {
    const Id attribute = own(env, H5Acreate2(id, as.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT),
                             "H5Acreate2", path);
    /* Without items there may be no address, which libhdf5 refuses. */
    if (items > 0) check(env, H5Awrite(attribute, buffer.type(), buffer.bytes()), "H5Awrite", path);
  };
  if (check(env, H5Aexists(id, name.c_str()), "H5Aexists", path) == 0) {
    put(name);
    return env.Undefined();
  }
  /*
   * The old value is deleted once the new one is written, which may fail: old file formats take at
   * most 64 KiB, for example.
   */
  const std::string other = unused_name(env, id, name, path);
  try {
    put(other);
  } catch (...) {
    if (H5Aexists(id, other.c_str()) > 0) H5Adelete(id, other.c_str());
    throw;
  }
  check(env, H5Adelete(id, name.c_str()), "H5Adelete", path);
  check(env, H5Arename(id, other.c_str(), name.c_str()), "H5Arename", path);
  return env.Undefined();
}

/*
 * readAttribute(object, name, most?): { dtype, shape, data }; a RangeError for more than `most`
 * items.
 */
Napi::Value read_attribute(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &object = Handle::of(info[0]);
  const std::string name = to_text(info[1], "the name of an attribute");
  const std::string path = label(object, name);
  const hid_t id = object.id(env, "H5Aopen");
  const Id attribute = own(env, H5Aopen(id, name.c_str(), H5P_DEFAULT), "H5Aopen", path);
  const Id type = own(env, H5Aget_type(attribute), "H5Aget_type", path);
  const Id space = own(env, H5Aget_space(attribute), "H5Aget_space", path);
  const Dims dims = space_dims(space);
  if (!info[2].IsUndefined() && count_items(env, dims, path) > read_size(info[2], "most"))
    throw Napi::RangeError::New(env, "Expected fewer items for " + path);
  return read_value(env, id, type, dims, path, [&](hid_t memory, void *bytes) -> herr_t {
    if (H5Sget_simple_extent_npoints(space) == 0) return 0;
    return H5Aread(attribute, memory, bytes);
  });
}

/* hasAttribute(object, name) */
Napi::Value has_attribute(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &object = Handle::of(info[0]);
  const std::string name = to_text(info[1], "the name of an attribute");
  const htri_t exists = check(env, H5Aexists(object.id(env, "H5Aexists"), name.c_str()),
                              "H5Aexists", label(object, name));
  return Napi::Boolean::New(env, exists > 0);
}

/* deleteAttribute(object, name) */
Napi::Value delete_attribute(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &object = Handle::of(info[0]);
  const std::string name = to_text(info[1], "the name of an attribute");
  check(env, H5Adelete(object.id(env, "H5Adelete"), name.c_str()), "H5Adelete",
        label(object, name));
  return env.Undefined();
}

herr_t add_name(hid_t, const char *name, const H5A_info_t *, void *data) {
  static_cast<std::vector<std::string> *>(data)->emplace_back(name);
  return 0;
}

/* attributeNames(object), by name */
Napi::Value attribute_names(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &object = Handle::of(info[0]);
  std::vector<std::string> names;
  /*
   * Sorted here: when libhdf5 sorts and can't read one of them, 1.10.8 frees memory that it never
   * allocated.
   */
  check(env,
        H5Aiterate2(object.id(env, "H5Aiterate2"), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, add_name,
                    &names),
        "H5Aiterate2", object.path());
  std::sort(names.begin(), names.end());
  Napi::Array result = Napi::Array::New(env, names.size());
  for (uint32_t i = 0; i < names.size(); i++) result.Set(i, names[i]);
  return result;
}

}  // namespace

void init_attribute(Napi::Env env, Napi::Object exports) {
  exports.Set("writeAttribute", Napi::Function::New(env, write_attribute, "writeAttribute"));
  exports.Set("readAttribute", Napi::Function::New(env, read_attribute, "readAttribute"));
  exports.Set("hasAttribute", Napi::Function::New(env, has_attribute, "hasAttribute"));
  exports.Set("deleteAttribute", Napi::Function::New(env, delete_attribute, "deleteAttribute"));
  exports.Set("attributeNames", Napi::Function::New(env, attribute_names, "attributeNames"));
}

}  // namespace hyperslab::addon
