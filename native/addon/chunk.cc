#include "addon/chunk.h"

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

#include "addon/arguments.h"
#include "addon/handle.h"
#include "addon/value.h"
#include "driver/driver.h"

namespace hyperslab::addon {
namespace {

/* libhdf5 refuses chunks outside the extent, but 1.10 not the first one behind it. */
Dims extent_of(Napi::Env env, Handle &handle) {
  const hid_t dataset = handle.id(env, "H5Dget_space");
  return space_dims(own(env, H5Dget_space(dataset), "H5Dget_space", handle.path()));
}

void expect_corner(Napi::Env env, Handle &handle, const Chunking &chunking, const Dims &offset) {
  const std::string &path = handle.path();
  const Dims extent = extent_of(env, handle);
  /* In a damaged file the two may differ. */
  bool corner = offset.size() == extent.size() && chunking.chunk.size() == extent.size();
  for (size_t axis = 0; corner && axis < offset.size(); axis++)
    corner = offset[axis] % chunking.chunk[axis] == 0 && offset[axis] < extent[axis];
  if (!corner)
    throw Napi::RangeError::New(
        env, "Expected the first element of a chunk of " + path + ", within its extent, as offset");
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

uint64_t chunks_within(Napi::Env env, const Handle &handle, const Dims &count, const Dims &chunk) {
  Dims chunks;
  for (size_t axis = 0; axis < chunk.size(); axis++)
    chunks.push_back((count[axis] + chunk[axis] - 1) / chunk[axis]);
  return count_items(env, chunks, handle.path());
}

/*
 * Throws unless the hyperslab begins at the first element of a chunk, and its last chunk is within
 * the extent.
 */
void expect_slab(Napi::Env env, Handle &handle, const Chunking &chunking, const Dims &start,
                 const Dims &count) {
  bool slab = start.size() == chunking.chunk.size() && count.size() == start.size();
  Dims last = start;
  for (size_t axis = 0; slab && axis < count.size(); axis++) {
    slab = count[axis] > 0;
    last[axis] += (count[axis] - 1) / chunking.chunk[axis] * chunking.chunk[axis];
  }
  if (!slab) throw Napi::RangeError::New(env, "Expected a hyperslab of chunks of " + handle.path());
  expect_corner(env, handle, chunking, last);
}

/*
 * Makes libhdf5 forget a placed chunk by looking up a neighbour; returns false if the dataset has
 * no other chunk. The extent is checked here, since 1.10.8 accepts a chunk right behind the extent
 * and then reads beyond its index.
 */
bool turn_from(hid_t dataset, const Dims &placed, const Dims &chunk, const Dims &extent) {
  for (size_t axis = 0; axis < chunk.size(); axis++) {
    Dims next = placed;
    next[axis] = placed[axis] > 0 ? placed[axis] - chunk[axis] : chunk[axis];
    if (next[axis] >= extent[axis]) continue;
    if (hs_driver_forget_last_chunk(dataset, next.data()) >= 0) return true;
  }
  return false;
}

/* Makes libhdf5 look up a placed chunk the next time it is asked for it. */
void forget(Napi::Env env, Handle &handle, const Dims &placed, const Dims &chunk) {
  const Dims extent = extent_of(env, handle);
  const hid_t dataset = handle.id(env, "H5Dget_chunk_storage_size");
  if (!turn_from(dataset, placed, chunk, extent)) handle.reopen(env);
}

struct Placement {
  uint64_t address, size;
  uint32_t mask;
};

/* Where a chunk lies; HS_NOWHERE if it is not stored. */
Placement locate(Napi::Env env, Handle &handle, const Chunking &chunking, const Dims &offset) {
  Placement found{HS_NOWHERE, 0, 0};
  check(env,
        hs_driver_locate(chunking.file, handle.id(env, "H5Dread_chunk"), offset.data(),
                         &found.address, &found.size, &found.mask),
        "H5Dread_chunk", handle.path());
  return found;
}

/*
 * The stored size of a chunk is known unless an applied filter compresses. libhdf5 (seen in 1.10.8)
 * trusts that a chunk has that size, and reads and writes beyond one that has not.
 */
void expect_size(Napi::Env env, const Chunking &chunking, const Placement &placement,
                 const std::string &path) {
  uint64_t size = chunking.item_size;
  for (const hsize_t length : chunking.chunk) size *= length;
  for (size_t i = 0; i < chunking.filters.size(); i++) {
    const H5Z_filter_t filter = chunking.filters[i];
    if (placement.mask >> i & 1 || filter == H5Z_FILTER_SHUFFLE) continue;
    if (filter != H5Z_FILTER_FLETCHER32) return;
    size += 4;
  }
  if (placement.size != size)
    throw Napi::RangeError::New(env, "Expected " + std::to_string(size) + " bytes for a chunk of " +
                                         path + " with filter mask " +
                                         std::to_string(placement.mask) + " but received " +
                                         std::to_string(placement.size));
}

/* In the form that locateChunks() returns. */
bool is_not_stored(const double *numbers) {
  return numbers[0] == -1 && numbers[1] == 0 && numbers[2] == 0;
}

Placement to_placement(Napi::Env env, const double *numbers, const std::string &path) {
  constexpr double most[] = {9007199254740991.0, 4294967295.0, 4294967295.0};
  for (int k = 0; k < 3; k++)
    if (!(numbers[k] >= 0 && numbers[k] <= most[k]) || std::trunc(numbers[k]) != numbers[k])
      throw Napi::RangeError::New(
          env, "Expected an address, stored bytes and a filter mask for a chunk of " + path +
                   " but received [" + std::to_string(numbers[0]) + ", " +
                   std::to_string(numbers[1]) + ", " + std::to_string(numbers[2]) + "]");
  return {static_cast<uint64_t>(numbers[0]), static_cast<uint64_t>(numbers[1]),
          static_cast<uint32_t>(numbers[2])};
}

void place(Napi::Env env, Handle &handle, const Chunking &chunking, const Dims &offset,
           const Placement &placement) {
  const auto put = [&](uint64_t address, uint64_t size) {
    bool moved = false;
    check(env,
          hs_driver_place(chunking.file, handle.id(env, "H5Dwrite_chunk"), offset.data(), address,
                          size, placement.mask, &moved),
          "H5Dwrite_chunk", handle.path());
    return moved;
  };
  if (!put(placement.address, placement.size)) return;
  /*
   * The chunk may have replaced one of the same size, whose mask stays; for another size libhdf5
   * sets the mask.
   */
  forget(env, handle, offset, chunking.chunk);
  if (locate(env, handle, chunking, offset).mask == placement.mask) return;
  put(hs_space_reserve(hs_driver_space(chunking.file), placement.size + 1), placement.size + 1);
  put(placement.address, placement.size);
}

/*
 * Calls `use` with each chunk of placeChunks(dataset, start, count, placements, …) that has a
 * placement, and its offset.
 */
template <typename Use>
void each_placement(const Napi::CallbackInfo &info, Handle &handle, const Chunking &chunking,
                    const Use &use) {
  const Napi::Env env = info.Env();
  const std::string &path = handle.path();
  const Dims start = to_dims(info[1], "start"), count = to_dims(info[2], "count");
  expect_slab(env, handle, chunking, start, count);
  require_float64(info[3], "placements");
  const Memory memory = memory_of(info[3]);
  const double *placements = reinterpret_cast<const double *>(memory.bytes);
  const size_t numbers = memory.size / sizeof(double), given = numbers / 3;
  const uint64_t most = chunks_within(env, handle, count, chunking.chunk);
  if (given * 3 != numbers || given > most)
    throw Napi::RangeError::New(env, "Expected three numbers for each of at most " +
                                         std::to_string(most) + " chunks of " + path +
                                         " but received " + std::to_string(numbers) + " numbers");
  size_t next = 0;
  each_chunk(start, count, chunking.chunk, [&](const Dims &offset) {
    if (next == given) return;
    /* A copy, since another thread may change shared memory. */
    double placement[3];
    std::copy_n(placements + 3 * next++, 3, placement);
    if (is_not_stored(placement)) return;
    const Placement checked = to_placement(env, placement, path);
    expect_size(env, chunking, checked, path);
    use(offset, checked);
  });
}

/*
 * placeChunks(dataset, start, count, placements, more): places the first chunks of a hyperslab, in
 * C order; placements are three numbers a chunk (address, stored bytes, filter mask). A chunk with
 * -1, 0, 0 is left as it is. With `more` the caller promises not to read the dataset before a call
 * without `more`, or before closing it.
 */
Napi::Value place_chunks(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  Handle &handle = Handle::of(info[0]);
  const Chunking &chunking = handle.chunking(env, "H5Dwrite_chunk");
  each_placement(info, handle, chunking, [&](const Dims &offset, const Placement &placement) {
    place(env, handle, chunking, offset, placement);
    handle.placed() = offset;
  });
  const bool more = info[4].ToBoolean();
  /* Placed by this call or, if it skipped all chunks, by an earlier one. */
  const Dims placed = more ? Dims() : std::exchange(handle.placed(), {});
  if (!placed.empty()) forget(env, handle, placed, chunking.chunk);
  return env.Undefined();
}

/*
 * vacateChunks(dataset, start, count, placements): makes the space free of the chunks that
 * placeChunks() will replace. They must be placed before the file is flushed. Returns whether there
 * are any.
 */
Napi::Value vacate_chunks(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  Handle &handle = Handle::of(info[0]);
  const Chunking &chunking = handle.chunking(env, "H5Dwrite_chunk");
  /* Without compression all chunks have the same size, and keep their places. */
  const auto &filters = chunking.filters;
  if (std::find(filters.begin(), filters.end(), H5Z_FILTER_DEFLATE) == filters.end())
    return Napi::Boolean::New(env, false);
  bool any = false;
  each_placement(info, handle, chunking, [&](const Dims &offset, const Placement &placement) {
    check(env,
          hs_driver_vacate(chunking.file, handle.id(env, "H5Dwrite_chunk"), offset.data(),
                           placement.size, &any),
          "H5Dwrite_chunk", handle.path());
    handle.placed() = offset;
  });
  return Napi::Boolean::New(env, any);
}

/*
 * locateChunks(dataset, start, count): where the chunks of a hyperslab lie, in C order, three
 * numbers a chunk as above; the address is -1 for a chunk that is not stored.
 */
Napi::Value locate_chunks(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  Handle &handle = Handle::of(info[0]);
  const Chunking &chunking = handle.chunking(env, "H5Dread_chunk");
  const Dims start = to_dims(info[1], "start"), count = to_dims(info[2], "count");
  expect_slab(env, handle, chunking, start, count);
  Napi::Float64Array placements =
      new_numbers(env, 3 * chunks_within(env, handle, count, chunking.chunk));
  double *placement = placements.Data();
  each_chunk(start, count, chunking.chunk, [&](const Dims &offset) {
    const Placement found = locate(env, handle, chunking, offset);
    *placement++ = found.address == HS_NOWHERE ? -1 : static_cast<double>(found.address);
    *placement++ = static_cast<double>(found.size);
    *placement++ = found.mask;
  });
  return placements;
}

/* readChunk(dataset, offset): { bytes, filterMask } as stored, or null if it is not stored. */
Napi::Value read_chunk(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  Handle &handle = Handle::of(info[0]);
  const std::string &path = handle.path();
  const Chunking &chunking = handle.chunking(env, "H5Dread_chunk");
  const Dims offset = to_dims(info[1], "the offset of a chunk");
  expect_corner(env, handle, chunking, offset);
  const Placement found = locate(env, handle, chunking, offset);
  if (found.address == HS_NOWHERE) return env.Null();
  Napi::Uint8Array bytes = new_bytes(env, found.size);
  if (const int error =
          hs_space_read(hs_driver_space(chunking.file), bytes.Data(), found.size, found.address))
    fail(env, "pread", path, std::generic_category().message(error));
  Napi::Object result = Napi::Object::New(env);
  result.Set("bytes", bytes);
  result.Set("filterMask", static_cast<double>(found.mask));
  return result;
}

}  // namespace

void init_chunk(Napi::Env env, Napi::Object exports) {
  exports.Set("placeChunks", Napi::Function::New(env, place_chunks, "placeChunks"));
  exports.Set("vacateChunks", Napi::Function::New(env, vacate_chunks, "vacateChunks"));
  exports.Set("locateChunks", Napi::Function::New(env, locate_chunks, "locateChunks"));
  exports.Set("readChunk", Napi::Function::New(env, read_chunk, "readChunk"));
}

}  // namespace hyperslab::addon
