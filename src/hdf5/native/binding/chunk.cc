#include "binding/chunk.h"

#include <algorithm>
#include <system_error>

#include "binding/handle.h"
#include "binding/value.h"
#include "driver/driver.h"

namespace {

/* libhdf5 refuses a chunk outside of the extent, but (in 1.10) not the first one behind it. */
void expect_corner(Napi::Env env, Handle &handle, const Chunking &chunking, const Dims &offset) {
  const std::string &path = handle.path();
  const Id space = own(env, H5Dget_space(handle.id(env, "H5Dget_space")), "H5Dget_space", path);
  const Dims extent = space_dims(space);
  bool corner = offset.size() == extent.size();
  for (size_t axis = 0; corner && axis < offset.size(); axis++)
    corner = offset[axis] % chunking.chunk[axis] == 0 && offset[axis] < extent[axis];
  if (!corner)
    throw Napi::RangeError::New(env, "Expected the first element of a chunk of " + path +
                                         ", within its extent, as offset");
}

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

/* Begins at a corner, and its last chunk is within the extent. */
void expect_slab(Napi::Env env, Handle &handle, const Chunking &chunking, const Dims &start,
                 const Dims &count) {
  bool slab = start.size() == chunking.chunk.size() && count.size() == start.size();
  Dims last = start;
  for (size_t axis = 0; slab && axis < count.size(); axis++) {
    slab = count[axis] > 0;
    last[axis] += (count[axis] - 1) / chunking.chunk[axis] * chunking.chunk[axis];
  }
  if (!slab)
    throw Napi::RangeError::New(env, "Expected a hyperslab of chunks of " + handle.path());
  expect_corner(env, handle, chunking, last);
}

/* Turns libhdf5's memory from a placed chunk to one next to it; false where it is the only one. */
bool turn_from(hid_t dataset, const Dims &placed, const Dims &chunk) {
  for (size_t axis = 0; axis < chunk.size(); axis++) {
    Dims next = placed;
    next[axis] = placed[axis] > 0 ? placed[axis] - chunk[axis] : chunk[axis];
    if (hs_driver_turn_to(dataset, next.data()) >= 0) return true;
  }
  return false;
}

/* Makes libhdf5 look a placed chunk up when it is asked for it next. */
void forget(Napi::Env env, Handle &handle, const Dims &placed, const Dims &chunk) {
  if (!turn_from(handle.id(env, "H5Dget_chunk_storage_size"), placed, chunk)) handle.reopen(env);
}

struct Placement {
  uint64_t address, size;
  uint32_t mask;
};

void place(Napi::Env env, Handle &handle, const Chunking &chunking, const Dims &offset,
           const Placement &placement) {
  const auto put = [&](uint64_t address, uint64_t size) {
    bool moved = false;
    check(env,
          hs_driver_place(chunking.file, handle.id(env, "H5Dwrite_chunk"), offset.data(), address, size,
                          placement.mask, &moved),
          "H5Dwrite_chunk", handle.path());
    return moved;
  };
  if (!put(placement.address, placement.size)) return;
  /* It may have replaced one of the same size, whose mask stays; another size makes it anew. */
  uint64_t address = 0, size = 0;
  uint32_t mask = 0;
  forget(env, handle, offset, chunking.chunk);
  check(env,
        hs_driver_locate(chunking.file, handle.id(env, "H5Dread_chunk"), offset.data(), &address, &size,
                         &mask),
        "H5Dread_chunk", handle.path());
  if (mask == placement.mask) return;
  put(hs_space_reserve(hs_driver_space(chunking.file), placement.size + 1), placement.size + 1);
  put(placement.address, placement.size);
}

/* placeChunks(dataset, start, count, placements, more): places the first chunks of a hyperslab, in C
 * order; placements are three numbers a chunk (address, stored bytes, filter mask). With `more` the
 * dataset is not read before it is placed in again without, or closed. */
Napi::Value place_chunks(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  Handle &handle = Handle::of(info[0]);
  const std::string &path = handle.path();
  const Chunking &chunking = handle.chunking(env, "H5Dwrite_chunk");
  const Dims start = to_dims(info[1], "start"), count = to_dims(info[2], "count");
  expect_slab(env, handle, chunking, start, count);
  const Napi::Float64Array placements = info[3].As<Napi::Float64Array>();
  const size_t given = placements.ElementLength() / 3;
  if (given * 3 != placements.ElementLength() || given > chunks_within(count, chunking.chunk))
    throw Napi::RangeError::New(env, "Expected three numbers for each of at most " +
                                         std::to_string(chunks_within(count, chunking.chunk)) +
                                         " chunks of " + path + " but received " +
                                         std::to_string(placements.ElementLength()) + " numbers");
  size_t next = 0;
  Dims last;
  each_chunk(start, count, chunking.chunk, [&](const Dims &offset) {
    if (next == given) return;
    last = offset;
    const double *placement = placements.Data() + 3 * next++;
    place(env, handle, chunking, offset,
          {static_cast<uint64_t>(placement[0]), static_cast<uint64_t>(placement[1]),
           static_cast<uint32_t>(placement[2])});
  });
  const bool more = info[4].ToBoolean();
  if (given > 0 && !more) forget(env, handle, last, chunking.chunk);
  return env.Undefined();
}

/* locateChunks(dataset, start, count): where the chunks of a hyperslab lie, in C order, three numbers a
 * chunk as above; the address is -1 for a chunk that is not stored. */
Napi::Value locate_chunks(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  Handle &handle = Handle::of(info[0]);
  const std::string &path = handle.path();
  const Chunking &chunking = handle.chunking(env, "H5Dread_chunk");
  const hid_t dataset = handle.id(env, "H5Dread_chunk");
  const Dims start = to_dims(info[1], "start"), count = to_dims(info[2], "count");
  expect_slab(env, handle, chunking, start, count);
  Napi::Float64Array placements =
      Napi::Float64Array::New(env, 3 * static_cast<size_t>(chunks_within(count, chunking.chunk)));
  double *placement = placements.Data();
  each_chunk(start, count, chunking.chunk, [&](const Dims &offset) {
    uint64_t address = 0, size = 0;
    uint32_t mask = 0;
    check(env, hs_driver_locate(chunking.file, dataset, offset.data(), &address, &size, &mask),
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
  Handle &handle = Handle::of(info[0]);
  const std::string &path = handle.path();
  const Chunking &chunking = handle.chunking(env, "H5Dread_chunk");
  const hid_t dataset = handle.id(env, "H5Dread_chunk");
  const Dims offset = to_dims(info[1], "the offset of a chunk");
  expect_corner(env, handle, chunking, offset);
  uint64_t address = 0, size = 0;
  uint32_t mask = 0;
  check(env, hs_driver_locate(chunking.file, dataset, offset.data(), &address, &size, &mask),
        "H5Dread_chunk", path);
  if (address == HS_NOWHERE) return env.Null();
  Napi::Uint8Array bytes = Napi::Uint8Array::New(env, static_cast<size_t>(size));
  if (const int error = hs_space_read(hs_driver_space(chunking.file), bytes.Data(), size, address))
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
