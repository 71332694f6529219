/* Groups and links: create, open, list. */
#pragma once

#include "binding/napi.h"

void init_link(Napi::Env env, Napi::Object exports);
