/*
 * Registers the lock that keeps other processes from a file:
 *
 *   tryLock(descriptor): 'locked' | 'held' | 'unsupported'
 *
 *  1. The lock is flock()'s. It belongs to the open file behind the descriptor, and ends when the
 *     last descriptor of that is closed, so also when the process ends, however it ends.
 *  2. The call does not wait. Any thread may call.
 *  3. Other failures are errors with `errno` (negative, as in Node) and `syscall`.
 */
#pragma once

#include "addon/napi.h"

namespace hyperslab::addon {

void init_lock(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
