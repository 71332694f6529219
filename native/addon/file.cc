#include "addon/file.h"

#include "addon/handle.h"
#include "addon/pieces.h"
#include "addon/space.h"
#include "addon/value.h"
#include "driver/driver.h"

namespace hyperslab::addon {
namespace {

H5F_libver_t libver_of(Napi::Env env, const std::string &name) {
  if (name == "earliest") return H5F_LIBVER_EARLIEST;
  if (name == "v108") return H5F_LIBVER_V18;
  if (name == "v110") return H5F_LIBVER_V110;
  if (name == "latest") return H5F_LIBVER_LATEST;
  throw Napi::TypeError::New(
      env, "Expected libver 'earliest', 'v108', 'v110' or 'latest' but received '" + name + "'");
}

/*
 * `libver` is the lower bound. The upper bound stays open, as in h5py, except for 'v110', which
 * asks for files that 1.10 can read.
 */
Id access_list(Napi::Env env, const std::string &libver, hs_driver_options options,
               const std::string &path) {
  Id list = own(env, H5Pcreate(H5P_FILE_ACCESS), "H5Pcreate", path);
  check(env, hs_driver_use(list, options), "H5Pset_driver", path);
  /*
   * No cache of decoded chunks: H5Dwrite_chunk over a cached chunk stores the old filter mask (seen
   * in 1.10.8), and the workers' chunks never pass through the cache.
   */
  check(env, H5Pset_cache(list, 0, 0, 0, 0), "H5Pset_cache", path);
  check(env, H5Pset_fclose_degree(list, H5F_CLOSE_STRONG), "H5Pset_fclose_degree", path);
  const H5F_libver_t low = libver_of(env, libver);
  const H5F_libver_t high = low == H5F_LIBVER_V110 ? H5F_LIBVER_V110 : H5F_LIBVER_LATEST;
  check(env, H5Pset_libver_bounds(list, low, high), "H5Pset_libver_bounds", path);
  return list;
}

/* createFile(path, exclusive, libver, rebuild, noLinks, unlogged) */
Napi::Value create_file(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const std::string path = to_text(info[0], "the path of a file");
  const bool exclusive = info[1].ToBoolean();
  const hs_driver_options options = {info[3].ToBoolean(), info[4].ToBoolean(), info[5].ToBoolean()};
  const Id access = access_list(env, to_text(info[2], "libver"), options, path);
  const Id creation = own(env, H5Pcreate(H5P_FILE_CREATE), "H5Pcreate", path);
  /* Without free-space management every allocation of raw data reaches the driver. */
  check(env, H5Pset_file_space_strategy(creation, H5F_FSPACE_STRATEGY_NONE, false, 1),
        "H5Pset_file_space_strategy", path);
  Id file =
      own(env, H5Fcreate(path.c_str(), exclusive ? H5F_ACC_EXCL : H5F_ACC_TRUNC, creation, access),
          "H5Fcreate", path);
  return Handle::make(env, std::move(file), path);
}

/* Tells the driver what becomes of the space of replaced chunks. */
void note_strategy(Napi::Env env, hid_t file, const std::string &path) {
  const Id creation = own(env, H5Fget_create_plist(file), "H5Fget_create_plist", path);
  H5F_fspace_strategy_t strategy = H5F_FSPACE_STRATEGY_FSM_AGGR;
  hbool_t persists = false;
  check(env, H5Pget_file_space_strategy(creation, &strategy, &persists, nullptr),
        "H5Pget_file_space_strategy", path);
  const bool forgets = strategy == H5F_FSPACE_STRATEGY_NONE || strategy == H5F_FSPACE_STRATEGY_AGGR;
  hs_driver_reuse(hs_driver_file(file), forgets, persists);
}

/* openFile(path, writable, libver) */
Napi::Value open_file(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const std::string path = to_text(info[0], "the path of a file");
  const bool writable = info[1].ToBoolean();
  const Id access = access_list(env, to_text(info[2], "libver"), {}, path);
  Id file = own(env, H5Fopen(path.c_str(), writable ? H5F_ACC_RDWR : H5F_ACC_RDONLY, access),
                "H5Fopen", path);
  if (writable) note_strategy(env, file, path);
  return Handle::make(env, std::move(file), path);
}

/* flushFile(file) */
Napi::Value flush(const Napi::CallbackInfo &info) {
  const Library library;
  const Handle &file = Handle::of(info[0]);
  flush_file(info.Env(), file.id(info.Env(), "H5Fflush"), file.path());
  return info.Env().Undefined();
}

hs_file *driver_file(Napi::Env env, const Handle &file) {
  hs_file *found = hs_driver_file(file.id(env, "H5Fget_vfd_handle"));
  if (!found) fail(env, "H5Fget_vfd_handle", file.path());
  return found;
}

/* stagedBytes(file): bytes that reclaimSpace() would make free. */
Napi::Value staged_bytes(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  return to_number(env, hs_driver_staged(driver_file(env, Handle::of(info[0]))));
}

/* reclaimSpace(file): flushes, and makes the space free that chunks only took until the flush. */
Napi::Value reclaim_space(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &file = Handle::of(info[0]);
  flush_file(env, file.id(env, "H5Fflush"), file.path());
  hs_driver_reclaim(driver_file(env, file));
  return env.Undefined();
}

/* fileIdentity(file): device and inode, as BigInts. */
Napi::Value file_identity(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  uint64_t device = 0, inode = 0;
  hs_driver_identity(driver_file(env, Handle::of(info[0])), &device, &inode);
  Napi::Object identity = Napi::Object::New(env);
  identity.Set("device", Napi::BigInt::New(env, device));
  identity.Set("inode", Napi::BigInt::New(env, inode));
  return identity;
}

/* spaceToken(file): names the space of the file to the workers of this process. */
Napi::Value space_token(const Napi::CallbackInfo &info) {
  const Library library;
  hs_file *file = driver_file(info.Env(), Handle::of(info[0]));
  return Napi::BigInt::New(info.Env(), hs_space_token(hs_driver_space(file)));
}

/* reserve(file, bytes): the address of bytes for the caller alone. */
Napi::Value reserve(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &file = Handle::of(info[0]);
  const uint64_t size = read_size(info[1], "the bytes to reserve");
  return to_number(env, reserve_in(env, hs_driver_space(driver_file(env, file)), size));
}

}  // namespace

void init_file(Napi::Env env, Napi::Object exports) {
  exports.Set("createFile", Napi::Function::New(env, create_file, "createFile"));
  exports.Set("openFile", Napi::Function::New(env, open_file, "openFile"));
  exports.Set("flushFile", Napi::Function::New(env, flush, "flushFile"));
  exports.Set("stagedBytes", Napi::Function::New(env, staged_bytes, "stagedBytes"));
  exports.Set("reclaimSpace", Napi::Function::New(env, reclaim_space, "reclaimSpace"));
  exports.Set("fileIdentity", Napi::Function::New(env, file_identity, "fileIdentity"));
  exports.Set("spaceToken", Napi::Function::New(env, space_token, "spaceToken"));
  exports.Set("reserve", Napi::Function::New(env, reserve, "reserve"));
}

}  // namespace hyperslab::addon
