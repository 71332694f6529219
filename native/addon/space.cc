#include "addon/space.h"

#include <cerrno>
#include <string>
#include <system_error>

#include "addon/arguments.h"
#include "addon/codec.h"
#include "addon/library.h"

namespace hyperslab::addon {
namespace {

[[noreturn]] void file_is_closed(Napi::Env env) {
  throw coded_error(env, "ERR_CLOSED", "Expected an open file to write to but the file is closed");
}

class SpaceObject : public Napi::ObjectWrap<SpaceObject> {
 public:
  /* No accessors: unlike methods, they may be called with an object of another class. */
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Space",
                       {InstanceMethod<&SpaceObject::reserve>("reserve"),
                        InstanceMethod<&SpaceObject::write>("write"),
                        InstanceMethod<&SpaceObject::close>("close")});
  }

  explicit SpaceObject(const Napi::CallbackInfo &info)
      : Napi::ObjectWrap<SpaceObject>(info), space_(attach_space(info[0])) {}

 private:
  hs_space *open(Napi::Env env) const {
    if (!space_) throw coded_error(env, "ERR_CLOSED", "Expected an open space but it is closed");
    return space_.get();
  }

  Napi::Value reserve(const Napi::CallbackInfo &info) {
    const uint64_t size = read_size(info[0], "the bytes to reserve");
    return to_number(info.Env(), reserve_in(info.Env(), open(info.Env()), size));
  }

  void write(const Napi::CallbackInfo &info) {
    require_bytes(info[0], "bytes");
    const uint64_t address = read_size(info[1], "an address");
    const Memory memory = memory_of(info[0]);
    hs_space *space = open(info.Env());
    const uint64_t tail = hs_space_tail(space);
    if (address > tail || memory.size > tail - address)
      throw Napi::RangeError::New(info.Env(), "Expected bytes within what is reserved, up to " +
                                                  std::to_string(tail) + ", but received " +
                                                  std::to_string(memory.size) + " bytes at " +
                                                  std::to_string(address));
    write_to(info.Env(), space, memory.bytes, memory.size, address);
  }

  void close(const Napi::CallbackInfo &) { space_.reset(); }

  SpaceReference space_;
};

uint64_t check_reserved(Napi::Env env, hs_space *space, uint64_t size, uint64_t address) {
  if (address != HS_NOWHERE) return address;
  if (hs_space_is_closed(space)) file_is_closed(env);
  throw Napi::RangeError::New(env, "Expected a file of at most 2^53 bytes but received " +
                                       std::to_string(size) + " bytes to reserve behind " +
                                       std::to_string(hs_space_tail(space)));
}

}  // namespace

SpaceReference attach_space(Napi::Value token) {
  if (!token.IsBigInt())
    throw Napi::TypeError::New(token.Env(),
                               "Expected a bigint for token, the space of an open file");
  bool lossless = false;
  const uint64_t number = token.As<Napi::BigInt>().Uint64Value(&lossless);
  SpaceReference space(lossless ? hs_space_attach(number) : nullptr);
  if (!space) file_is_closed(token.Env());
  return space;
}

uint64_t reserve_in(Napi::Env env, hs_space *space, uint64_t size) {
  return check_reserved(env, space, size, hs_space_reserve_chunk(space, size));
}

uint64_t reserve_blocks_in(Napi::Env env, hs_space *space, uint64_t size) {
  return check_reserved(env, space, size, hs_space_reserve_blocks(space, size));
}

void write_to(Napi::Env env, hs_space *space, const uint8_t *bytes, size_t size, uint64_t address) {
  const int error = hs_space_write(space, bytes, size, address);
  if (error == 0) return;
  if (error == EBADF) file_is_closed(env);
  const Napi::Error failure = Napi::Error::New(
      env, "pwrite of " + std::to_string(size) + " bytes at " + std::to_string(address) + ": " +
               std::generic_category().message(error));
  failure.Value().Set("errno", Napi::Number::New(env, -error));
  failure.Value().Set("syscall", Napi::String::New(env, "pwrite"));
  throw failure;
}

void init_space(Napi::Env env, Napi::Object exports) {
  exports.Set("Space", SpaceObject::define(env));
}

}  // namespace hyperslab::addon
