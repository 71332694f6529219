/*
 * Registers the checksum of stored bytes:
 *
 *   checksum(bytes): bigint          bytes: a Uint8Array; see codec/checksum.h
 *
 * Works on any thread that has a JavaScript environment, and takes no lock.
 */
#pragma once

#include "addon/napi.h"

namespace hyperslab::addon {

void init_checksum(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
