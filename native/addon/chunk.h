/* Stored chunks: place, locate, read raw. */
#pragma once

#include "addon/napi.h"

namespace hyperslab::addon {

void init_chunk(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
