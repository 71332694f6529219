/*
 * Calling libhdf5.
 *
 *  1. Every call into libhdf5 needs a live Library object. It keeps other threads out, since not
 *     every build of libhdf5 is thread-safe, and keeps libhdf5 from printing errors.
 *  2. An Id owns an identifier and releases it. It must be destroyed before the Library object.
 *  3. fail() turns libhdf5's error stack into a JavaScript Hdf5Error. check() calls fail() for
 *     negative results.
 */
#pragma once

#include <hdf5.h>

#include <mutex>
#include <string>
#include <utility>

#include "addon/napi.h"

namespace hyperslab::addon {

class Library {
 public:
  Library();
  Library(const Library &) = delete;
  Library &operator=(const Library &) = delete;

 private:
  std::unique_lock<std::recursive_mutex> lock_;
};

class Id {
 public:
  Id() = default;
  explicit Id(hid_t id) : id_(id) {}
  Id(Id &&other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Id &operator=(Id &&other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Id() {
    if (id_ >= 0) H5Idec_ref(id_);
  }
  operator hid_t() const { return id_; }
  hid_t release() { return std::exchange(id_, H5I_INVALID_HID); }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

/*
 * Throws an Hdf5Error with the call, the object and libhdf5's messages, and with the file if
 * `within` is an open object of it.
 */
[[noreturn]] void fail(Napi::Env env, const char *call, const std::string &path,
                       hid_t within = H5I_INVALID_HID);

/* The same for a cause that libhdf5 does not report. */
[[noreturn]] void fail(Napi::Env env, const char *call, const std::string &path,
                       const std::string &message);

/* Returns a result of libhdf5, or throws if it is negative. */
template <typename Result>
Result check(Napi::Env env, Result result, const char *call, const std::string &path,
             hid_t within = H5I_INVALID_HID) {
  if (result < 0) fail(env, call, path, within);
  return result;
}
inline Id own(Napi::Env env, hid_t id, const char *call, const std::string &path,
              hid_t within = H5I_INVALID_HID) {
  return Id(check(env, id, call, path, within));
}

/* A 64-bit number as a JavaScript number; a RangeError if it would lose digits. */
Napi::Number to_number(Napi::Env env, uint64_t value);

/* The same for numbers from files, which may be of any size: a bigint from 2^53 on. */
Napi::Value to_exact(Napi::Env env, uint64_t value);

/* Registers `libraryVersion()`. */
void init_library(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
