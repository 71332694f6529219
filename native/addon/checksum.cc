#include "addon/checksum.h"

#include "addon/arguments.h"
#include "codec/checksum.h"

namespace hyperslab::addon {
namespace {

Napi::Value checksum(const Napi::CallbackInfo &info) {
  require_bytes(info[0], "bytes");
  const Memory memory = memory_of(info[0]);
  return Napi::BigInt::New(info.Env(), hyperslab::checksum(memory.bytes, memory.size));
}

}  // namespace

void init_checksum(Napi::Env env, Napi::Object exports) {
  exports.Set("checksum", Napi::Function::New(env, checksum, "checksum"));
}

}  // namespace hyperslab::addon
