#include "addon/lock.h"

#include <sys/file.h>

#include <cerrno>
#include <climits>
#include <string>
#include <system_error>

#include "addon/arguments.h"

namespace hyperslab::addon {
namespace {

/* Errors of file systems without locks. The flags are valid, so EINVAL means this as well. */
bool unsupported(int error) {
  return error == ENOLCK || error == EOPNOTSUPP || error == ENOTSUP || error == ENOSYS ||
         error == EINVAL;
}

Napi::Value try_lock(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const uint64_t descriptor = read_size(info[0], "descriptor");
  if (descriptor > INT_MAX)
    throw Napi::RangeError::New(env, expected("the number of an open file", "descriptor", info[0]));
  int failed;
  do failed = flock(static_cast<int>(descriptor), LOCK_EX | LOCK_NB);
  while (failed && errno == EINTR);
  if (!failed) return Napi::String::New(env, "locked");
  const int error = errno;
  if (error == EWOULDBLOCK) return Napi::String::New(env, "held");
  if (unsupported(error)) return Napi::String::New(env, "unsupported");
  const Napi::Error failure =
      Napi::Error::New(env, "flock of " + std::to_string(descriptor) + ": " +
                                std::generic_category().message(error));
  failure.Value().Set("errno", Napi::Number::New(env, -error));
  failure.Value().Set("syscall", Napi::String::New(env, "flock"));
  throw failure;
}

}  // namespace

void init_lock(Napi::Env env, Napi::Object exports) {
  exports.Set("tryLock", Napi::Function::New(env, try_lock, "tryLock"));
}

}  // namespace hyperslab::addon
