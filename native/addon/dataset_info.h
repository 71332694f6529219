/* Properties of a dataset: `datasetInfo`, `fillValue`. */
#pragma once

#include "addon/napi.h"

namespace hyperslab::addon {

void init_dataset_info(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
