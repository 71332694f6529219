/* Chunks as they are stored: place, locate, read raw. */
#pragma once

#include "binding/napi.h"

void init_chunk(Napi::Env env, Napi::Object exports);
