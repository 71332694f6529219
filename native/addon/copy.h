/*
 * Registers functions that copy and fill items in memory:
 *
 *   copyItems(from, to, count, itemSize, swap?, covered?): number
 *   fillItems(bytes, item, covered?): void
 *   isFilled(bytes, item): boolean
 *
 * A lattice (`from`, `to`) is { bytes, offset, steps, tables? }; src/hdf5/copy.ts says what it
 * means.
 *
 *  1. Memory is JavaScript's, and is not accessed after a call returns. It may be shared, except
 *     `covered`. Other threads may then see half of a change, or cause one, but no address depends
 *     on the contents of shared memory.
 *  2. Works on any thread that has a JavaScript environment, and takes no lock.
 *  3. All bounds are checked before the first byte is written.
 */
#pragma once

#include "addon/napi.h"

namespace hyperslab::addon {

void init_copy(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
