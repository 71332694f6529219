/* Attributes of groups, datasets and files (a file's are its root group's). */
#pragma once

#include "addon/napi.h"

namespace hyperslab::addon {

void init_attribute(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
