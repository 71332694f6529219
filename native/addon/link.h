/* Groups and links: create, open, list. */
#pragma once

#include "addon/napi.h"

namespace hyperslab::addon {

void init_link(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
