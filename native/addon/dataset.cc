#include "addon/dataset.h"

#include <algorithm>

#include "addon/handle.h"
#include "addon/inside.h"
#include "addon/pieces.h"
#include "addon/value.h"

namespace hyperslab::addon {
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

void set_layout(Napi::Env env, hid_t creation, const Napi::Object &options,
                const std::string &path) {
  const std::string layout = to_text(options.Get("layout"), "a layout");
  if (layout == "chunked") {
    const Dims chunks = to_dims(options.Get("chunks"), "chunks");
    check(env, H5Pset_chunk(creation, static_cast<int>(chunks.size()), chunks.data()),
          "H5Pset_chunk", path);
    set_filters(env, creation, options.Get("filters"), path);
  } else if (layout == "compact") {
    check(env, H5Pset_layout(creation, H5D_COMPACT), "H5Pset_layout", path);
  } else if (layout != "contiguous") {
    throw Napi::TypeError::New(env, "Expected layout 'chunked', 'contiguous' or 'compact' for " +
                                        path + " but received '" + layout + "'");
  }
}

/*
 * createDataset(location, name, { dtype, shape, maxshape?, layout, chunks?, filters?, fillvalue? })
 */
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
  if (const Napi::Value maxshape = options.Get("maxshape");
      !maxshape.IsUndefined() && !dims.empty()) {
    const Dims most = to_dims(maxshape, "maxshape", true);
    if (most.size() != dims.size())
      throw Napi::RangeError::New(env, "Expected a maxshape of rank " +
                                           std::to_string(dims.size()) + " for " + path +
                                           " but received rank " + std::to_string(most.size()));
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
  const Id access = access_inside(env, H5P_DATASET_ACCESS, path);
  Id dataset = own(env,
                   H5Dcreate2(where, name.c_str(), file_datatype(env, dtype), space, H5P_DEFAULT,
                              creation, access),
                   "H5Dcreate2", path);
  return Handle::make(env, std::move(dataset), path);
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
    throw Napi::RangeError::New(
        env, "Expected a shape of rank " + std::to_string(H5Sget_simple_extent_ndims(space)) +
                 " for " + dataset.path() + " but received rank " + std::to_string(dims.size()));
  count_items(env, dims, dataset.path());
  check(env, H5Dset_extent(id, dims.data()), "H5Dset_extent", dataset.path());
  return env.Undefined();
}

/* Selects { start, count, step } in the dataspace; all of it for null. */
Dims select(Napi::Env env, hid_t space, const Napi::Value &selection, const std::string &path) {
  if (selection.IsNull() || selection.IsUndefined()) return space_dims(space);
  const Napi::Object object = read_object(selection, "a selection of " + path);
  const Dims start = to_dims(object.Get("start"), "start"),
             count = to_dims(object.Get("count"), "count");
  Dims step = Dims(start.size(), 1);
  if (const Napi::Value value = object.Get("step"); !value.IsUndefined())
    step = to_dims(value, "step");
  const Dims extent = space_dims(space);
  if (start.size() != extent.size() || count.size() != extent.size() ||
      step.size() != extent.size())
    throw Napi::RangeError::New(env, "Expected a selection of rank " +
                                         std::to_string(extent.size()) + " for " + path +
                                         " but received rank " + std::to_string(start.size()));
  bool empty = false;
  for (size_t axis = 0; axis < extent.size(); axis++) {
    empty = empty || count[axis] == 0;
    if (step[axis] == 0 ||
        (count[axis] > 0 && (start[axis] >= extent[axis] ||
                             (extent[axis] - 1 - start[axis]) / step[axis] < count[axis] - 1)))
      throw Napi::RangeError::New(env, "Expected a selection within axis " + std::to_string(axis) +
                                           " of length " + std::to_string(extent[axis]) + " for " +
                                           path);
  }
  if (empty)
    H5Sselect_none(space);
  else if (!extent.empty())
    check(env,
          H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), step.data(), count.data(),
                              nullptr),
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
    check(env, H5Dwrite(id, buffer.type(), memory, space, H5P_DEFAULT, buffer.bytes()), "H5Dwrite",
          path, id);
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
  exports.Set("resizeDataset", Napi::Function::New(env, resize_dataset, "resizeDataset"));
  exports.Set("writeDataset", Napi::Function::New(env, write_dataset, "writeDataset"));
  exports.Set("readDataset", Napi::Function::New(env, read_dataset, "readDataset"));
}

}  // namespace hyperslab::addon
