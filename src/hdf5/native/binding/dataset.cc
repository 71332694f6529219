#include "binding/dataset.h"

#include <algorithm>

#include "binding/handle.h"
#include "binding/pieces.h"
#include "binding/value.h"

namespace {

/* The filters of { kind, level? } in their order. */
void set_filters(Napi::Env env, hid_t creation, const Napi::Value &value, const std::string &path) {
  if (!value.IsArray()) throw Napi::TypeError::New(env, "Expected an array for filters of " + path);
  const Napi::Array filters = value.As<Napi::Array>();
  const uint32_t count = filters.Length();
  for (uint32_t i = 0; i < count; i++) {
    const Napi::Object filter = read_object(filters.Get(i), "a filter of " + path);
    const std::string kind = to_text(filter.Get("kind"), "the kind of a filter");
    if (kind == "shuffle") {
      check(env, H5Pset_shuffle(creation), "H5Pset_shuffle", path);
    } else if (kind == "deflate") {
      const uint64_t level = read_size(filter.Get("level"), "the deflate level of " + path);
      check(env, H5Pset_deflate(creation, static_cast<unsigned>(std::min<uint64_t>(level, 99))),
            "H5Pset_deflate", path);
    } else if (kind == "fletcher32") {
      check(env, H5Pset_fletcher32(creation), "H5Pset_fletcher32", path);
    } else {
      throw Napi::TypeError::New(env, "Expected filter 'shuffle', 'deflate' or 'fletcher32' for " +
                                          path + " but received '" + kind + "'");
    }
  }
}

void set_layout(Napi::Env env, hid_t creation, const Napi::Object &options, const std::string &path) {
  const std::string layout = to_text(options.Get("layout"), "a layout");
  if (layout == "chunked") {
    const Dims chunks = to_dims(options.Get("chunks"), "chunks");
    check(env, H5Pset_chunk(creation, static_cast<int>(chunks.size()), chunks.data()), "H5Pset_chunk",
          path);
    set_filters(env, creation, options.Get("filters"), path);
  } else if (layout == "compact") {
    check(env, H5Pset_layout(creation, H5D_COMPACT), "H5Pset_layout", path);
  } else if (layout != "contiguous") {
    throw Napi::TypeError::New(env, "Expected layout 'chunked', 'contiguous' or 'compact' for " + path +
                                        " but received '" + layout + "'");
  }
}

/* createDataset(location, name, { dtype, shape, maxshape?, layout, chunks?, filters?, fillvalue? }) */
Napi::Value create_dataset(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &location = Handle::of(info[0]);
  const std::string name = to_text(info[1], "the name of a dataset");
  const Napi::Object options = read_object(info[2], "the options of a dataset");
  const std::string path = location.child(name);
  const std::string dtype = to_text(options.Get("dtype"), "a data type");
  const Dims dims = to_dims(options.Get("shape"), "a shape");
  const hid_t where = location.id(env, "H5Dcreate2");

  Id space;
  if (const Napi::Value maxshape = options.Get("maxshape"); !maxshape.IsUndefined() && !dims.empty()) {
    const Dims most = to_dims(maxshape, "maxshape", true);
    if (most.size() != dims.size())
      throw Napi::RangeError::New(env, "Expected a maxshape of rank " + std::to_string(dims.size()) +
                                           " for " + path + " but received rank " +
                                           std::to_string(most.size()));
    count_items(env, dims, path);
    space = own(env, H5Screate_simple(static_cast<int>(dims.size()), dims.data(), most.data()),
                "H5Screate_simple", path);
  } else {
    space = make_space(env, dims, path);
  }
  const Id creation = own(env, H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate", path);
  set_layout(env, creation, options, path);
  if (const Napi::Value fill = options.Get("fillvalue"); !fill.IsUndefined()) {
    const Buffer value(env, where, dtype, fill, 1, path);
    check(env, H5Pset_fill_value(creation, value.type(), value.bytes()), "H5Pset_fill_value", path);
  }
  Id dataset = own(env,
                   H5Dcreate2(where, name.c_str(), file_datatype(env, dtype), space, H5P_DEFAULT, creation,
                              H5P_DEFAULT),
                   "H5Dcreate2", path);
  return Handle::make(env, std::move(dataset), path);
}

Napi::Array read_filters(Napi::Env env, hid_t creation) {
  const int count = H5Pget_nfilters(creation);
  Napi::Array filters = Napi::Array::New(env);
  for (int i = 0; i < count; i++) {
    unsigned flags = 0, config = 0, values[32];
    size_t number = 32;
    char name[128] = "";
    const H5Z_filter_t id = H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &number, values,
                                           sizeof name, name, &config);
    Napi::Object filter = Napi::Object::New(env);
    filter.Set("id", static_cast<double>(id));
    filter.Set("name", std::string(name));
    Napi::Array parameters = Napi::Array::New(env);
    for (uint32_t k = 0; k < number && k < 32; k++) parameters.Set(k, static_cast<double>(values[k]));
    filter.Set("parameters", parameters);
    filters.Set(static_cast<uint32_t>(i), filter);
  }
  return filters;
}

/* datasetInfo(dataset): what does not change while it is open, and its extent now. */
Napi::Value dataset_info(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &dataset = Handle::of(info[0]);
  const std::string &path = dataset.path();
  const hid_t id = dataset.id(env, "H5Dget_space");
  const Id space = own(env, H5Dget_space(id), "H5Dget_space", path);
  const Id type = own(env, H5Dget_type(id), "H5Dget_type", path);
  const Id creation = own(env, H5Dget_create_plist(id), "H5Dget_create_plist", path);
  const Datatype datatype = describe_datatype(type);
  const Dims dims = space_dims(space);
  Dims most = dims;
  if (H5Sget_simple_extent_type(space) == H5S_SIMPLE)
    H5Sget_simple_extent_dims(space, nullptr, most.data());

  Napi::Object result = Napi::Object::New(env);
  result.Set("dtype", datatype.name);
  result.Set("itemSize", static_cast<double>(datatype.size));
  result.Set("bigEndian", datatype.big_endian);
  result.Set("shape", from_dims(env, dims));
  result.Set("maxshape", from_dims(env, most));
  const H5D_layout_t layout = H5Pget_layout(creation);
  result.Set("layout", layout == H5D_CHUNKED      ? "chunked"
                       : layout == H5D_CONTIGUOUS ? "contiguous"
                       : layout == H5D_COMPACT    ? "compact"
                                                  : "virtual");
  Dims chunks(layout == H5D_CHUNKED ? dims.size() : 0);
  if (!chunks.empty()) H5Pget_chunk(creation, static_cast<int>(chunks.size()), chunks.data());
  result.Set("chunks", layout == H5D_CHUNKED ? Napi::Value(from_dims(env, chunks)) : env.Null());
  result.Set("filters", read_filters(env, creation));
  result.Set("storedBytes", to_number(env, H5Dget_storage_size(id)));
  H5D_fill_value_t defined = H5D_FILL_VALUE_UNDEFINED;
  H5Pfill_value_defined(creation, &defined);
  if (datatype.kind == Kind::number && defined != H5D_FILL_VALUE_UNDEFINED) {
    const Id memory = memory_datatype(env, datatype.name);
    Napi::Uint8Array fill = new_bytes(env, H5Tget_size(memory));
    check(env, H5Pget_fill_value(creation, memory, fill.Data()), "H5Pget_fill_value", path);
    result.Set("fillvalue", fill);
  }
  return result;
}

/* resizeDataset(dataset, shape) */
Napi::Value resize_dataset(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &dataset = Handle::of(info[0]);
  const Dims dims = to_dims(info[1], "a shape");
  const hid_t id = dataset.id(env, "H5Dset_extent");
  const Id space = own(env, H5Dget_space(id), "H5Dget_space", dataset.path());
  if (static_cast<size_t>(H5Sget_simple_extent_ndims(space)) != dims.size())
    throw Napi::RangeError::New(env, "Expected a shape of rank " +
                                         std::to_string(H5Sget_simple_extent_ndims(space)) + " for " +
                                         dataset.path() + " but received rank " +
                                         std::to_string(dims.size()));
  count_items(env, dims, dataset.path());
  check(env, H5Dset_extent(id, dims.data()), "H5Dset_extent", dataset.path());
  return env.Undefined();
}

/* Selects { start, count, step } in the dataset's space; all of it for null. */
Dims select(Napi::Env env, hid_t space, const Napi::Value &selection, const std::string &path) {
  if (selection.IsNull() || selection.IsUndefined()) return space_dims(space);
  const Napi::Object object = read_object(selection, "a selection of " + path);
  const Dims start = to_dims(object.Get("start"), "start"), count = to_dims(object.Get("count"), "count");
  Dims step = Dims(start.size(), 1);
  if (const Napi::Value value = object.Get("step"); !value.IsUndefined()) step = to_dims(value, "step");
  const Dims extent = space_dims(space);
  if (start.size() != extent.size() || count.size() != extent.size() || step.size() != extent.size())
    throw Napi::RangeError::New(env, "Expected a selection of rank " + std::to_string(extent.size()) +
                                         " for " + path + " but received rank " +
                                         std::to_string(start.size()));
  bool empty = false;
  for (size_t axis = 0; axis < extent.size(); axis++) {
    empty = empty || count[axis] == 0;
    if (step[axis] == 0 || (count[axis] > 0 && (start[axis] >= extent[axis] ||
                                                (extent[axis] - 1 - start[axis]) / step[axis] < count[axis] - 1)))
      throw Napi::RangeError::New(env, "Expected a selection within axis " + std::to_string(axis) +
                                           " of length " + std::to_string(extent[axis]) + " for " + path);
  }
  if (empty)
    H5Sselect_none(space);
  else if (!extent.empty())
    check(env, H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), step.data(), count.data(), nullptr),
          "H5Sselect_hyperslab", path);
  return count;
}

/* writeDataset(dataset, selection | null, dtype, data) */
Napi::Value write_dataset(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &dataset = Handle::of(info[0]);
  const std::string &path = dataset.path();
  const hid_t id = dataset.id(env, "H5Dwrite");
  const Id space = own(env, H5Dget_space(id), "H5Dget_space", path);
  const Dims dims = select(env, space, info[1], path);
  const Id memory = make_space(env, dims, path);
  const uint64_t items = static_cast<uint64_t>(H5Sget_simple_extent_npoints(memory));
  const Buffer buffer(env, id, to_text(info[2], "a data type"), info[3], items, path);
  if (items > 0)
    check(env, H5Dwrite(id, buffer.type(), memory, space, H5P_DEFAULT, buffer.bytes()), "H5Dwrite", path);
  return env.Undefined();
}

/* readDataset(dataset, selection | null): { dtype, shape, data } */
Napi::Value read_dataset(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &dataset = Handle::of(info[0]);
  const std::string &path = dataset.path();
  const hid_t id = dataset.id(env, "H5Dread");
  const Id space = own(env, H5Dget_space(id), "H5Dget_space", path);
  const Id type = own(env, H5Dget_type(id), "H5Dget_type", path);
  const Dims dims = select(env, space, info[1], path);
  const Id memory = make_space(env, dims, path);
  return read_value(env, id, type, dims, path, [&](hid_t memory_type, void *bytes) -> herr_t {
    if (H5Sget_simple_extent_npoints(memory) == 0) return 0;
    return H5Dread(id, memory_type, memory, space, H5P_DEFAULT, bytes);
  });
}

}  // namespace

void init_dataset(Napi::Env env, Napi::Object exports) {
  exports.Set("createDataset", Napi::Function::New(env, create_dataset, "createDataset"));
  exports.Set("datasetInfo", Napi::Function::New(env, dataset_info, "datasetInfo"));
  exports.Set("resizeDataset", Napi::Function::New(env, resize_dataset, "resizeDataset"));
  exports.Set("writeDataset", Napi::Function::New(env, write_dataset, "writeDataset"));
  exports.Set("readDataset", Napi::Function::New(env, read_dataset, "readDataset"));
}
