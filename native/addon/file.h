/* Files: create, open, flush, and the token of their space. */
#pragma once

#include "addon/napi.h"

namespace hyperslab::addon {

void init_file(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
