/*
 * Registers the lock by which one process alone works on a file:
 *
 *   tryLock(descriptor): 'locked' | 'held' | 'unsupported'
 *
 *  1. The lock is flock()'s: it belongs to the open file behind the descriptor, and ends when the
 *     last descriptor of it is closed, so with the process, however that ends.
 *  2. Nothing is waited for; any thread may call.
 *  3. A lock that fails for another reason is an error with `errno` (negative, as in Node) and
 *     `syscall`.
 */
#pragma once

#include "addon/napi.h"

namespace hyperslab::addon {

void init_lock(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
