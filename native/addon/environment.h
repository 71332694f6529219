/*
 * The state of the addon in one JavaScript environment; the main thread and every worker have their
 * own.
 */
#pragma once

#include "addon/napi.h"

namespace hyperslab::addon {

struct Environment {
  Napi::FunctionReference hdf5_error; /* the TypeScript class Hdf5Error */
  Napi::FunctionReference handle;     /* constructor of Handle */

  static Environment &of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }
};

/* Sets up the environment and registers `initialize({ Hdf5Error })`. */
void init_environment(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
