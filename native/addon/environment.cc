#include "addon/environment.h"

namespace hyperslab::addon {
namespace {

void initialize(const Napi::CallbackInfo &info) {
  const Napi::Object classes = info[0].As<Napi::Object>();
  Environment::of(info.Env()).hdf5_error =
      Napi::Persistent(classes.Get("Hdf5Error").As<Napi::Function>());
}

}  // namespace

void init_environment(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Environment);
  exports.Set("initialize", Napi::Function::New(env, initialize, "initialize"));
}

}  // namespace hyperslab::addon
