#include "addon/library.h"

#include <vector>

#include "addon/environment.h"

namespace hyperslab::addon {
namespace {

/* Recursive, since a garbage collection during a call may close a handle. */
std::recursive_mutex library_mutex;

struct Frame {
  std::string function, description, major, minor;
};

std::string message_of(hid_t id) {
  char text[256];
  const ssize_t length = H5Eget_msg(id, nullptr, text, sizeof text);
  return length > 0 ? std::string(text) : std::string();
}

herr_t add_frame(unsigned, const H5E_error2_t *error, void *data) {
  static_cast<std::vector<Frame> *>(data)->push_back(
      {error->func_name ? error->func_name : "", error->desc ? error->desc : "",
       message_of(error->maj_num), message_of(error->min_num)});
  return 0;
}

std::string version_text() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(release);
}

/* Empty if the file is unknown. */
std::string file_name(hid_t within) {
  const ssize_t length = within < 0 ? 0 : H5Fget_name(within, nullptr, 0);
  if (length <= 0) return "";
  std::string name(static_cast<size_t>(length) + 1, '\0');
  H5Fget_name(within, name.data(), name.size());
  name.resize(static_cast<size_t>(length));
  return name;
}

[[noreturn]] void throw_error(Napi::Env env, const char *call, const std::string &path,
                              const std::string &file, const std::vector<Frame> &frames) {
  Napi::Array list = Napi::Array::New(env);
  for (const Frame &frame : frames) {
    Napi::Object object = Napi::Object::New(env);
    object.Set("function", frame.function);
    object.Set("description", frame.description);
    object.Set("major", frame.major);
    object.Set("minor", frame.minor);
    list.Set(list.Length(), object);
  }
  const Napi::Function type = Environment::of(env).hdf5_error.Value();
  const Napi::Object error =
      type.New({Napi::String::New(env, call), Napi::String::New(env, path), list,
                file.empty() ? env.Undefined() : Napi::String::New(env, file),
                Napi::String::New(env, version_text())});
  throw Napi::Error(env, error);
}

Napi::Value library_version(const Napi::CallbackInfo &info) {
  const Library library;
  return Napi::String::New(info.Env(), version_text());
}

}  // namespace

Library::Library() : lock_(library_mutex) {
  /* Thread-safe builds keep this setting per thread. */
  thread_local bool quiet = false;
  if (!quiet) quiet = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;
}

void fail(Napi::Env env, const char *call, const std::string &path, hid_t within) {
  /*
   * Collected first: creating JavaScript objects may throw, and exceptions must not pass through
   * libhdf5.
   */
  std::vector<Frame> frames;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, add_frame, &frames);
  const std::string file = file_name(within);
  throw_error(env, call, path, file == path ? "" : file, frames);
}

void fail(Napi::Env env, const char *call, const std::string &path, const std::string &message) {
  throw_error(env, call, path, "", {{call, message, "", ""}});
}

Napi::Number to_number(Napi::Env env, uint64_t value) {
  if (value > (uint64_t{1} << 53) - 1)
    throw Napi::RangeError::New(
        env, "Expected a number of at most 2^53 - 1 but received " + std::to_string(value));
  return Napi::Number::New(env, static_cast<double>(value));
}

Napi::Value to_exact(Napi::Env env, uint64_t value) {
  if (value > (uint64_t{1} << 53) - 1) return Napi::BigInt::New(env, value);
  return to_number(env, value);
}

void init_library(Napi::Env env, Napi::Object exports) {
  exports.Set("libraryVersion", Napi::Function::New(env, library_version, "libraryVersion"));
}

}  // namespace hyperslab::addon
