/* Datasets: create, resize, read and write hyperslabs through libhdf5. */
#pragma once

#include "addon/napi.h"

namespace hyperslab::addon {

void init_dataset(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
