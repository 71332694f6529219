#include "addon/dataset_info.h"

#include <algorithm>

#include "addon/handle.h"
#include "addon/pieces.h"
#include "addon/value.h"

namespace hyperslab::addon {
namespace {

/* An array of what `make` returns for each index. */
template <typename Make>
Napi::Array array_of(Napi::Env env, size_t count, Make make) {
  Napi::Array array = Napi::Array::New(env, count);
  for (size_t i = 0; i < count; i++) {
    const Napi::HandleScope scope(env);
    array.Set(static_cast<uint32_t>(i), make(i));
  }
  return array;
}

Napi::Array read_filters(Napi::Env env, hid_t creation) {
  const int count = H5Pget_nfilters(creation);
  return array_of(env, static_cast<size_t>(std::max(count, 0)), [&](size_t i) {
    unsigned flags = 0, config = 0, values[32];
    size_t number = 32;
    char name[128] = "";
    const H5Z_filter_t id = H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &number,
                                           values, sizeof name, name, &config);
    Napi::Object filter = Napi::Object::New(env);
    filter.Set("id", static_cast<double>(id));
    filter.Set("name", std::string(name));
    filter.Set("parameters", array_of(env, std::min<size_t>(number, 32), [&](size_t k) {
                 return Napi::Number::New(env, static_cast<double>(values[k]));
               }));
    return filter;
  });
}

const char *layout_name(H5D_layout_t layout) {
  switch (layout) {
    case H5D_CHUNKED: return "chunked";
    case H5D_CONTIGUOUS: return "contiguous";
    case H5D_COMPACT: return "compact";
    default: return "virtual";
  }
}

/* Lengths of axes in the file: bigints from 2^53 on, null if unlimited. */
Napi::Array exact_lengths(Napi::Env env, const Dims &dims) {
  Napi::Array array = Napi::Array::New(env, dims.size());
  for (uint32_t i = 0; i < dims.size(); i++)
    array.Set(i, dims[i] == H5S_UNLIMITED ? env.Null() : to_exact(env, dims[i]));
  return array;
}

/*
 * The extent in this file. For a virtual dataset H5Dget_space would open the source files to see
 * how far they reach; the spaces of its mappings have the same extent.
 */
Id read_space(Napi::Env env, hid_t dataset, hid_t creation, H5D_layout_t layout,
              const std::string &path) {
  size_t sources = 0;
  if (layout == H5D_VIRTUAL)
    check(env, H5Pget_virtual_count(creation, &sources), "H5Pget_virtual_count", path, dataset);
  if (sources > 0)
    return own(env, H5Pget_virtual_vspace(creation, 0), "H5Pget_virtual_vspace", path, dataset);
  return own(env, H5Dget_space(dataset), "H5Dget_space", path, dataset);
}

/* Names of the files that hold the values of a contiguous dataset in place of this one. */
Napi::Array external_files(Napi::Env env, hid_t creation) {
  const int count = H5Pget_external_count(creation);
  return array_of(env, static_cast<size_t>(std::max(count, 0)), [&](size_t i) {
    /* libhdf5 writes no terminating zero if the name fills the room. */
    char name[4097] = "";
    H5Pget_external(creation, static_cast<unsigned>(i), sizeof name - 1, name, nullptr, nullptr);
    return Napi::String::New(env, name);
  });
}

template <typename Get>
std::string text_of(hid_t creation, size_t index, Get &&get) {
  const ssize_t length = get(creation, index, nullptr, 0);
  if (length <= 0) return "";
  std::string text(static_cast<size_t>(length) + 1, '\0');
  get(creation, index, text.data(), text.size());
  text.resize(static_cast<size_t>(length));
  return text;
}

/* [{ file, path }]: the datasets of which a virtual one consists. */
Napi::Array virtual_sources(Napi::Env env, hid_t creation, const std::string &path) {
  size_t count = 0;
  check(env, H5Pget_virtual_count(creation, &count), "H5Pget_virtual_count", path);
  return array_of(env, count, [&](size_t i) {
    Napi::Object source = Napi::Object::New(env);
    source.Set("file", text_of(creation, i, H5Pget_virtual_filename));
    source.Set("path", text_of(creation, i, H5Pget_virtual_dsetname));
    return source;
  });
}

/*
 * fillValue(dataset): one item of its type; undefined if none is defined, or if it is not a number.
 * A function of its own, since few callers need it and libhdf5 (seen in 1.10.8) crashes on some
 * damaged ones.
 */
Napi::Value fill_value(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &dataset = Handle::of(info[0]);
  const std::string &path = dataset.path();
  const hid_t id = dataset.id(env, "H5Dget_create_plist");
  const Id creation = own(env, H5Dget_create_plist(id), "H5Dget_create_plist", path, id);
  const Id type = own(env, H5Dget_type(id), "H5Dget_type", path, id);
  const Datatype datatype = describe_datatype(type);
  if (datatype.kind != Kind::number && datatype.kind != Kind::boolean) return env.Undefined();
  H5D_fill_value_t defined = H5D_FILL_VALUE_UNDEFINED;
  H5Pfill_value_defined(creation, &defined);
  if (defined == H5D_FILL_VALUE_UNDEFINED) return env.Undefined();
  const Id memory = memory_datatype(env, datatype.name);
  Napi::Uint8Array item = new_bytes(env, H5Tget_size(memory));
  check(env, H5Pget_fill_value(creation, memory, item.Data()), "H5Pget_fill_value", path, id);
  return item;
}

/* Whether chunks that reach beyond the extent are stored without filters. */
bool leaves_edges(hid_t creation) {
  unsigned options = 0;
  return H5Pget_chunk_opts(creation, &options) >= 0 &&
         (options & H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS);
}

/*
 * datasetInfo(dataset): everything that does not change while it is open, and its current extent.
 * Opens no other file.
 */
Napi::Value dataset_info(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &dataset = Handle::of(info[0]);
  const std::string &path = dataset.path();
  const hid_t id = dataset.id(env, "H5Dget_create_plist");
  const Id creation = own(env, H5Dget_create_plist(id), "H5Dget_create_plist", path, id);
  const Id type = own(env, H5Dget_type(id), "H5Dget_type", path, id);
  const H5D_layout_t layout = H5Pget_layout(creation);
  const Id space = read_space(env, id, creation, layout, path);
  const Datatype datatype = describe_datatype(type);
  const Dims dims = space_dims(space);
  Dims most = dims;
  if (H5Sget_simple_extent_type(space) == H5S_SIMPLE)
    H5Sget_simple_extent_dims(space, nullptr, most.data());

  Napi::Object result = Napi::Object::New(env);
  result.Set("dtype", datatype.name);
  result.Set("itemSize", static_cast<double>(datatype.size));
  result.Set("bigEndian", datatype.big_endian);
  result.Set("shape", exact_lengths(env, dims));
  result.Set("maxshape", exact_lengths(env, most));
  result.Set("layout", layout_name(layout));
  Dims chunks(layout == H5D_CHUNKED ? dims.size() : 0);
  if (!chunks.empty()) H5Pget_chunk(creation, static_cast<int>(chunks.size()), chunks.data());
  result.Set("chunks",
             layout == H5D_CHUNKED ? Napi::Value(exact_lengths(env, chunks)) : env.Null());
  result.Set("filters", read_filters(env, creation));
  result.Set("unfilteredEdges", layout == H5D_CHUNKED && leaves_edges(creation));
  result.Set("externalFiles", external_files(env, creation));
  if (layout == H5D_VIRTUAL) result.Set("virtualSources", virtual_sources(env, creation, path));
  result.Set("storedBytes", to_exact(env, layout == H5D_VIRTUAL ? 0 : H5Dget_storage_size(id)));
  return result;
}

}  // namespace

void init_dataset_info(Napi::Env env, Napi::Object exports) {
  exports.Set("datasetInfo", Napi::Function::New(env, dataset_info, "datasetInfo"));
  exports.Set("fillValue", Napi::Function::New(env, fill_value, "fillValue"));
}

}  // namespace hyperslab::addon
