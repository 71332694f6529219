#include "addon/handle.h"

#include <system_error>

#include "addon/environment.h"

namespace hyperslab::addon {
namespace {
/* Marks our objects, so that passing another object as a handle is a TypeError. */
const napi_type_tag handle_tag = {0x68797065726c6162, 0x68616e646c650001};

void abandon_file(hid_t id) {
  if (hs_file *file = hs_driver_file(id)) hs_driver_abandon(file);
}

std::string cannot_write(int error) {
  return "cannot write: " + std::generic_category().message(error);
}

}  // namespace

void flush_file(Napi::Env env, hid_t id, const std::string &path) {
  check(env, H5Fflush(id, H5F_SCOPE_GLOBAL), "H5Fflush", path);
  const hs_file *file = hs_driver_file(id);
  const int error = file ? hs_driver_error(file) : 0;
  if (error == 0) return;
  const char *repair = "; the flush will be completed when the file is opened again";
  fail(env, "H5Fflush", path, cannot_write(error) + (hs_driver_is_repairable(file) ? repair : ""));
}

Napi::Function Handle::define(Napi::Env env) {
  /* No accessors: unlike methods, they may be called with an object of another class. */
  return DefineClass(
      env, "Handle",
      {InstanceMethod<&Handle::close>("close"), InstanceMethod<&Handle::abandon>("abandon"),
       InstanceMethod<&Handle::is_open>("isOpen")});
}

Handle::Handle(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Handle>(info) {
  info.This().As<Napi::Object>().TypeTag(&handle_tag);
}

Napi::Object Handle::make(Napi::Env env, Id id, const std::string &path) {
  Napi::Object object = Environment::of(env).handle.New({});
  Handle &handle = *Unwrap(object);
  handle.file_ = H5Iget_type(id) == H5I_FILE;
  handle.id_ = id.release();
  handle.path_ = path;
  return object;
}

Handle &Handle::of(const Napi::Value &value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&handle_tag))
    throw Napi::TypeError::New(value.Env(), "Expected a handle of an HDF5 object");
  return *Unwrap(value.As<Napi::Object>());
}

Handle::~Handle() {
  if (id_ < 0) return;
  const Library library;
  if (H5Iis_valid(id_) <= 0) return;
  if (!file_) {
    H5Idec_ref(id_);
    return;
  }
  if (H5Fflush(id_, H5F_SCOPE_GLOBAL) < 0) abandon_file(id_);
  H5Fclose(id_);
}

hid_t Handle::id(Napi::Env env, const char *call) const {
  if (id_ < 0 || H5Iis_valid(id_) <= 0) fail(env, call, path_, "it is closed");
  return id_;
}

const Chunking &Handle::chunking(Napi::Env env, const char *call) {
  const hid_t dataset = id(env, call);
  if (chunking_) return *chunking_;
  const Id file = own(env, H5Iget_file_id(dataset), "H5Iget_file_id", path_);
  const Id creation = own(env, H5Dget_create_plist(dataset), "H5Dget_create_plist", path_);
  const Id type = own(env, H5Dget_type(dataset), "H5Dget_type", path_);
  Chunking found{hs_driver_file(file), std::vector<hsize_t>(H5S_MAX_RANK), H5Tget_size(type), {}};
  if (!found.file) fail(env, call, path_);
  if (H5Pget_layout(creation) != H5D_CHUNKED) fail(env, call, path_, "it is not chunked");
  const int rank = H5Pget_chunk(creation, H5S_MAX_RANK, found.chunk.data());
  found.chunk.resize(static_cast<size_t>(check(env, rank, "H5Pget_chunk", path_)));
  for (const hsize_t length : found.chunk)
    if (length == 0) fail(env, call, path_, "its chunks are empty");
  const int filters = check(env, H5Pget_nfilters(creation), "H5Pget_nfilters", path_);
  for (int i = 0; i < filters; i++) {
    size_t parameters = 0;
    found.filters.push_back(H5Pget_filter2(creation, static_cast<unsigned>(i), nullptr, &parameters,
                                           nullptr, 0, nullptr, nullptr));
  }
  return chunking_.emplace(std::move(found));
}

void Handle::reopen(Napi::Env env) {
  const hid_t dataset = id(env, "H5Dopen2");
  const Id file = own(env, H5Iget_file_id(dataset), "H5Iget_file_id", path_);
  /* By its address: the path may now lead elsewhere, or through another file. */
  hobj_ref_t reference = 0;
  check(env, H5Rcreate(&reference, dataset, ".", H5R_OBJECT, -1), "H5Rcreate", path_);
  id_ = H5I_INVALID_HID;
  check(env, H5Idec_ref(dataset), "H5Idec_ref", path_);
  id_ = check(env, H5Rdereference2(file, H5P_DEFAULT, H5R_OBJECT, &reference), "H5Rdereference2",
              path_);
}

std::string Handle::child(const std::string &name) const {
  if (file_ || path_ == "/") return name.rfind('/', 0) == 0 ? name : "/" + name;
  return name.rfind('/', 0) == 0 ? name : path_ + "/" + name;
}

void Handle::close(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const hid_t id = std::exchange(id_, H5I_INVALID_HID);
  if (id < 0 || H5Iis_valid(id) <= 0) return;
  if (!file_) {
    check(env, H5Idec_ref(id), "H5Idec_ref", path_);
    return;
  }
  /* Failures must come before libhdf5 takes the file apart; see hs_driver_abandon(). */
  try {
    flush_file(env, id, path_);
  } catch (...) {
    abandon_file(id);
    H5Fclose(id);
    throw;
  }
  (void)hs_driver_take_closing_error(); /* of files that were never closed */
  check(env, H5Fclose(id), "H5Fclose", path_);
  if (const int error = hs_driver_take_closing_error())
    fail(env, "H5Fclose", path_, cannot_write(error));
}

void Handle::abandon(const Napi::CallbackInfo &) {
  const Library library;
  if (file_ && id_ >= 0 && H5Iis_valid(id_) > 0) abandon_file(id_);
}

Napi::Value Handle::is_open(const Napi::CallbackInfo &info) {
  const Library library;
  return Napi::Boolean::New(info.Env(), id_ >= 0 && H5Iis_valid(id_) > 0);
}

void init_handle(Napi::Env env, Napi::Object) {
  Environment::of(env).handle = Napi::Persistent(Handle::define(env));
}

}  // namespace hyperslab::addon
