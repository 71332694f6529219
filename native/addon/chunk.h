/* Chunks as they are stored: place, locate, read raw. */
#pragma once

#include "addon/napi.h"

void init_chunk(Napi::Env env, Napi::Object exports);
