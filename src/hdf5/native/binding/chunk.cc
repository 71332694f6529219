#include "binding/chunk.h"

#include <system_error>

#include "binding/handle.h"
#include "binding/value.h"
#include "driver/driver.h"

namespace {

/* A dataset that is open through our driver, and the grid of its chunks. */
struct Chunked {
  hid_t dataset;
  hs_file *file;
  Dims extent;
  Dims chunk;

  Chunked(Napi::Env env, const Handle &handle, const char *call)
      : dataset(handle.id(env, call)), file(nullptr) {
    const std::string &path = handle.path();
    const Id owner(check(env, H5Iget_file_id(dataset), "H5Iget_file_id", path));
    file = hs_driver_file(owner);
    if (!file) fail(env, call, path);
    const Id space = own(env, H5Dget_space(dataset), "H5Dget_space", path);
    const Id creation = own(env, H5Dget_create_plist(dataset), "H5Dget_create_plist", path);
    extent = space_dims(space);
    chunk = extent;
    if (H5Pget_layout(creation) != H5D_CHUNKED) fail(env, call, path, "it is not chunked");
    H5Pget_chunk(creation, static_cast<int>(chunk.size()), chunk.data());
  }

  void expect_corner(Napi::Env env, const Dims &offset, const std::string &path) const {
    bool corner = offset.size() == chunk.size();
    for (size_t axis = 0; corner && axis < chunk.size(); axis++)
      corner = offset[axis] % chunk[axis] == 0 && offset[axis] < extent[axis];
    if (!corner)
      throw Napi::RangeError::New(env, "Expected the first element of a chunk of " + path +
                                           ", within its extent, as offset");
  }
};

/* Visits the first elements of the chunks of a hyperslab, in C order. */
template <typename Visit>
void each_chunk(const Dims &start, const Dims &count, const Dims &chunk, Visit &&visit) {
  Dims offset = start;
  for (;;) {
    visit(offset);
    size_t axis = chunk.size();
    while (axis > 0) {
      axis--;
      offset[axis] += chunk[axis];
      if (offset[axis] < start[axis] + count[axis]) break;
      offset[axis] = start[axis];
      if (axis == 0) return;
    }
    if (chunk.empty()) return;
  }
}

uint64_t chunks_within(const Dims &count, const Dims &chunk) {
  uint64_t chunks = 1;
  for (size_t axis = 0; axis < chunk.size(); axis++)
    chunks *= (count[axis] + chunk[axis] - 1) / chunk[axis];
  return chunks;
}

void expect_slab(Napi::Env env, const Chunked &chunked, const Dims &start, const Dims &count,
                 const std::string &path) {
  chunked.expect_corner(env, start, path);
  bool inside = count.size() == start.size();
  for (size_t axis = 0; inside && axis < count.size(); axis++)
    inside = count[axis] > 0 && count[axis] <= chunked.extent[axis] - start[axis];
  if (!inside) throw Napi::RangeError::New(env, "Expected a hyperslab within the extent of " + path);
}

/* placeChunks(dataset, start, count, placements): places the first chunks of a hyperslab, in C order;
 * placements are three numbers a chunk (address, stored bytes, filter mask). */
Napi::Value place_chunks(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &handle = Handle::of(info[0]);
  const std::string &path = handle.path();
  const Chunked chunked(env, handle, "H5Dwrite_chunk");
  const Dims start = to_dims(info[1], "start"), count = to_dims(info[2], "count");
  expect_slab(env, chunked, start, count, path);
  const Napi::Float64Array placements = info[3].As<Napi::Float64Array>();
  const size_t given = placements.ElementLength() / 3;
  if (given * 3 != placements.ElementLength() || given > chunks_within(count, chunked.chunk))
    throw Napi::RangeError::New(env, "Expected three numbers for each of at most " +
                                         std::to_string(chunks_within(count, chunked.chunk)) +
                                         " chunks of " + path + " but received " +
                                         std::to_string(placements.ElementLength()) + " numbers");
  size_t next = 0;
  each_chunk(start, count, chunked.chunk, [&](const Dims &offset) {
    if (next == given) return;
    const double *placement = placements.Data() + 3 * next++;
    check(env,
          hs_driver_place(chunked.file, chunked.dataset, offset.data(),
                          static_cast<uint64_t>(placement[0]), static_cast<uint64_t>(placement[1]),
                          static_cast<uint32_t>(placement[2])),
          "H5Dwrite_chunk", path);
  });
  return env.Undefined();
}

/* locateChunks(dataset, start, count): where the chunks of a hyperslab lie, in C order, three numbers a
 * chunk as above; the address is -1 for a chunk that is not stored. */
Napi::Value locate_chunks(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &handle = Handle::of(info[0]);
  const std::string &path = handle.path();
  const Chunked chunked(env, handle, "H5Dread_chunk");
  const Dims start = to_dims(info[1], "start"), count = to_dims(info[2], "count");
  expect_slab(env, chunked, start, count, path);
  Napi::Float64Array placements =
      Napi::Float64Array::New(env, 3 * static_cast<size_t>(chunks_within(count, chunked.chunk)));
  double *placement = placements.Data();
  each_chunk(start, count, chunked.chunk, [&](const Dims &offset) {
    uint64_t address = 0, size = 0;
    uint32_t mask = 0;
    check(env, hs_driver_locate(chunked.file, chunked.dataset, offset.data(), &address, &size, &mask),
          "H5Dread_chunk", path);
    *placement++ = address == HS_NOWHERE ? -1 : static_cast<double>(address);
    *placement++ = static_cast<double>(size);
    *placement++ = mask;
  });
  return placements;
}

/* readChunk(dataset, offset): { bytes, filterMask } as stored, or null where it is not. */
Napi::Value read_chunk(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &handle = Handle::of(info[0]);
  const std::string &path = handle.path();
  const Chunked chunked(env, handle, "H5Dread_chunk");
  const Dims offset = to_dims(info[1], "the offset of a chunk");
  chunked.expect_corner(env, offset, path);
  uint64_t address = 0, size = 0;
  uint32_t mask = 0;
  check(env, hs_driver_locate(chunked.file, chunked.dataset, offset.data(), &address, &size, &mask),
        "H5Dread_chunk", path);
  if (address == HS_NOWHERE) return env.Null();
  Napi::Uint8Array bytes = Napi::Uint8Array::New(env, static_cast<size_t>(size));
  if (const int error = hs_space_read(hs_driver_space(chunked.file), bytes.Data(), size, address))
    fail(env, "pread", path, std::generic_category().message(error));
  Napi::Object result = Napi::Object::New(env);
  result.Set("bytes", bytes);
  result.Set("filterMask", static_cast<double>(mask));
  return result;
}

}  // namespace

void init_chunk(Napi::Env env, Napi::Object exports) {
  exports.Set("placeChunks", Napi::Function::New(env, place_chunks, "placeChunks"));
  exports.Set("locateChunks", Napi::Function::New(env, locate_chunks, "locateChunks"));
  exports.Set("readChunk", Napi::Function::New(env, read_chunk, "readChunk"));
}
