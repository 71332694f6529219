/* Files: create, open, flush, and the token of their space. */
#pragma once

#include "addon/napi.h"

void init_file(Napi::Env env, Napi::Object exports);
