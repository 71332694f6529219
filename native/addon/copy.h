/*
 * Registers what moves items in memory, without any file:
 *
 *   copyItems(from, to, count, itemSize, swap?, covered?): number
 *   fillItems(bytes, item, covered?): void
 *   isFilled(bytes, item): boolean
 *
 * A lattice (`from`, `to`) is { bytes, offset, steps, tables? }; src/hdf5/copy.ts says what it
 * means.
 *
 *  1. Memory is JavaScript's, and no longer looked at once a call is back. It may be shared, apart
 *     from `covered`: other threads then see and make half of a change, but no place that is read
 *     or written depends on what shared memory holds.
 *  2. Works on any thread that has a JavaScript environment, and takes no lock.
 *  3. All bounds are checked before the first byte is written.
 */
#pragma once

#include "addon/napi.h"

namespace hyperslab::addon {

void init_copy(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
