/* Groups and links: create, open, list. */
#pragma once

#include "addon/napi.h"

void init_link(Napi::Env env, Napi::Object exports);
